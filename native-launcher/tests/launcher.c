/* SPDX-License-Identifier: Apache-2.0 */
#include "launcher.h"

#include "../src/descriptors.h"
#include "installation.h"
#include "tap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

char error[STUNNEL_ERROR_MAX];
struct stunnel_keeper keeper = STUNNEL_NO_KEEPER;
struct stunnel_lifeline lifeline = STUNNEL_NO_LIFELINE;
struct stunnel_record answer;

void start_keeper(enum stunnel_parentage parentage)
{
	CHECK(stunnel_keeper_start(&keeper, tap_directory(), parentage, NULL, NULL, NULL,
				   error) == 0);
}

void begin(const char *program, const char *script)
{
	installation_make(program);
	installation_script(0, script);
	start_keeper(STUNNEL_CHILD);
}

void ask_with(const char *what, const char *lock)
{
	struct stunnel_record request = { 0 };
	bool opens = strcmp(what, "open") == 0;

	stunnel_record_add(&request, "request", what);
	stunnel_record_add(&request, "spec", "8001:8000\n=");
	if (lock)
		stunnel_record_add(&request, "lock", lock);
	stunnel_record_end(&request);
	if (opens)
		CHECK(stunnel_lifeline_open(&lifeline) == 0);
	CHECK(stunnel_keeper_send(&keeper, &request, opens ? &lifeline : NULL, error) == 0);
	stunnel_record_free(&request);
}

void ask(const char *what)
{
	ask_with(what, NULL);
}

bool is_answered(const char *what)
{
	const char *word;

	stunnel_record_drop(&answer, stunnel_record_message(&answer));
	if (stunnel_keeper_receive(&keeper, &answer, error) != 0)
		return false;
	word = stunnel_record_get(&answer, "answer");
	if (word && strcmp(word, what) == 0)
		return true;
	(void)fprintf(stderr, "# answered: %s\n", word ? word : "nothing");
	return false;
}

int told(void)
{
	int bytes = 0;

	CHECK(ioctl(lifeline.owner, FIONREAD, &bytes) == 0);
	return bytes;
}

bool says(const char *text)
{
	const char *said = stunnel_record_get(&answer, "text");

	return said && strstr(said, text);
}

bool has_ended(void)
{
	int status;

	return waitpid(keeper.pid, &status, WNOHANG) == keeper.pid && status == 0;
}

void ends(void)
{
	EVENTUALLY(has_ended());
	CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
	CHECK(!installation_has("control"));
	stunnel_keeper_hang_up(&keeper);
	stunnel_close(&lifeline.owner);
	stunnel_close(&lifeline.keeper);
	stunnel_record_free(&answer);
}

void end_lifeline(void)
{
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	/* The sweep would be another keeper: this one needed none. */
	ends();
}

void open_tunnel(void)
{
	ask("open");
	CHECK(is_answered("ready") && says("it is up"));
}

void begin_with_tunnel(const char *program)
{
	begin(program, OPENING UP READY EOF_);
	open_tunnel();
}

pid_t last_in(const char *file)
{
	long pid = 0;

	for (const char *at = installation_read(file); *at; at = strchr(at, '\n') + 1)
		pid = strtol(at, NULL, 10);
	return (pid_t)pid;
}

bool commands_are(int starts, int forwards)
{
	return installation_count("commands", "start") == starts &&
	       installation_count("commands", "forward") == forwards;
}
