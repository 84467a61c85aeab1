/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in the file beside a tunnel, and what a command leaves there to change it. */
#include "installation.h"
#include "launcher.h"
#include "tap.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static void what_a_tunnel_is_can_be_read_beside_it(void)
{
	const char *state;

	begin(STUNNEL_KEEPER, OPENING "say answer=opening|dir=%s/control|stop=%s/libexec/java|stop=stop|"
			      "unlink=/nowhere/web.sock\n" UP READY EOF_);
	open_tunnel();
	EVENTUALLY(installation_has("control/state"));
	state = installation_read("control/state");
	CHECK(strncmp(state, "state=up", 9) == 0);
	/* For whoever finds it when all are killed. */
	CHECK(memmem(state, 256, "\0unlink=/nowhere/web.sock", 26));
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && is_answered("up"));
	EVENTUALLY(installation_has("control/state"));
	end_lifeline();
}

static void so_can_what_kept_it_from_coming_back(void)
{
	static const char lost[] = "state=reconnecting\0reason=Warning: a key?\nConnection refused";

	begin(STUNNEL_KEEPER, OPENING UP "await go\n" READY EOF_);
	ask("open");
	EVENTUALLY(commands_are(1, 1));
	/* More than ssh says below, in a log of its own. */
	installation_write("control/log", "Warning: a key that nobody has seen so far, of a host\n");
	installation_write("go", "");
	CHECK(is_answered("ready"));
	EVENTUALLY(installation_has("control/state"));
	installation_write("fail.start", "Warning: a key\033\r\nConnection refused\r\n");
	installation_write("hang.start", "");
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(commands_are(3, 1));
	CHECK(memcmp(installation_read("control/state"), lost, sizeof(lost)) == 0);
	end_lifeline();
}

/* Leaves it as `stunnel open` would, but for what is behind it, and waits until it was looked at. */
static void leave_commands(const struct stunnel_record *words, const char *behind)
{
	int file;

	EVENTUALLY(installation_has("control/state"));
	file = open(installation_path("control/commands"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CHECK(file >= 0 && write(file, words->data, words->size) == (ssize_t)words->size);
	CHECK(write(file, behind, strlen(behind)) == (ssize_t)strlen(behind));
	CHECK(close(file) == 0);
	CHECK(kill(keeper.pid, SIGUSR1) == 0);
	EVENTUALLY(!installation_has("control/commands"));
}

/* A change of the tunnel of `directory`, without its end. */
static struct stunnel_record change_of(const char *directory)
{
	const char *java = installation_path("libexec/java");
	const char *const fields[][2] = { { "dir", installation_path(directory) },
					  { "stop", java }, { "stop", "stop" },
					  { "start", java }, { "start", "start" },
					  { "forward", "/usr/bin/touch" },
					  { "forward", installation_path("revised") },
					  { "plan", "9001" },
					  { "routes", "login:9001 -> cn1:9001" } };
	struct stunnel_record words = { 0 };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		stunnel_record_add(&words, fields[i][0], fields[i][1]);
	return words;
}

static void revise(const char *directory)
{
	struct stunnel_record words = change_of(directory);

	stunnel_record_end(&words);
	leave_commands(&words, "");
	stunnel_record_free(&words);
}

/* True when the keeper tells of the tunnel as revise() made it. */
static bool is_revised(void)
{
	const char *state = installation_read("control/state");

	/* Field by field: it may have grown since. */
	while (*state && strcmp(state, "plan=9001") != 0)
		state += strlen(state) + 1;
	return *state != '\0';
}

static void what_was_changed_holds_after_a_loss_too(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	revise("control");
	EVENTUALLY(is_revised());
	CHECK(!installation_has("revised"));
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && says("tunnel down: login:9001 -> cn1:9001"));
	CHECK(is_answered("up") && installation_has("revised"));
	EVENTUALLY(is_revised());
	end_lifeline();
}

static void a_change_of_another_tunnel_is_none(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	revise("elsewhere");
	CHECK(!is_revised());
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && says("tunnel down: login:8001 -> cn1:8000"));
	EVENTUALLY(commands_are(2, 2));
	end_lifeline();
}

static void a_change_that_is_no_message_is_none(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	EVENTUALLY(installation_has("control/state"));
	CHECK(kill(keeper.pid, SIGUSR1) == 0);
	installation_write("control/commands", "forward=/bin/true");
	CHECK(kill(keeper.pid, SIGUSR1) == 0);
	EVENTUALLY(!installation_has("control/commands"));
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(commands_are(2, 2));
	end_lifeline();
}

/* Either would be one of this tunnel but for the byte behind it. */
static void a_change_with_something_behind_it_is_none(void)
{
	static char filler[STUNNEL_RECORD_MAX];
	struct stunnel_record words;

	begin_with_tunnel(STUNNEL_KEEPER);
	for (int fills = 0; fills < 2; fills++) {
		words = change_of("control");
		if (fills) {
			memset(filler, 'x', sizeof(filler));
			/* Up to the last byte that fits: of what is behind, nothing is read. */
			filler[STUNNEL_RECORD_MAX - words.size - sizeof("filler=") - 1] = '\0';
			stunnel_record_add(&words, "filler", filler);
		}
		stunnel_record_end(&words);
		CHECK(!words.failed && (!fills || words.size == STUNNEL_RECORD_MAX));
		leave_commands(&words, "x");
		stunnel_record_free(&words);
	}
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && says("tunnel down: login:8001 -> cn1:8000"));
	EVENTUALLY(commands_are(2, 2));
	end_lifeline();
}

static const struct tap_case cases[] = {
	TAP_CASE(what_a_tunnel_is_can_be_read_beside_it),
	TAP_CASE(so_can_what_kept_it_from_coming_back),
	TAP_CASE(what_was_changed_holds_after_a_loss_too),
	TAP_VARIATION(a_change_of_another_tunnel_is_none),
	TAP_CASE(a_change_that_is_no_message_is_none),
	TAP_CASE(a_change_with_something_behind_it_is_none),
};

TAP_MAIN(cases)
