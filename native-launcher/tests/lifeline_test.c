/* SPDX-License-Identifier: Apache-2.0 */
/* What ties a keeper to its owner, and what becomes of its last words. */
#include "../src/supervise.h"
#include "installation.h"
#include "played.h"
#include "tap.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void a_lifeline_that_is_closed_ends_nothing(void)
{
	struct stunnel_lifeline lifeline = STUNNEL_NO_LIFELINE;
	long long start = stunnel_now();

	stunnel_lifeline_end(&lifeline, "/nowhere", NULL);
	CHECK(lifeline.owner == -1 && lifeline.keeper == -1);
	CHECK(stunnel_now() - start < STUNNEL_END_SECONDS * 1000LL);
}

static void the_end_of_the_lifeline_is_seen_by_the_keeper(void)
{
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline = held(&keeper, "lifeline\nend\nnote ended\n");
	/* Whoever has a copy by accident, between fork and exec, does not matter. */
	int copy = dup(lifeline.owner);

	CHECK(copy >= 0);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(lifeline.owner == -1);
	/* The keeper was waited for. */
	CHECK(installation_count("notes", "ended") == 1);
	CHECK(close(copy) == 0);
	ended(&keeper);
}

/* As srun's prolog that cannot be executed, whose process runs srun's exit handlers. */
static void a_fork_of_the_owner_ends_nothing(void)
{
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline = held(&keeper, "lifeline\nnote held\nend\nnote ended\n");
	pid_t pid;
	int status;

	EVENTUALLY(installation_count("notes", "held") == 1);
	pid = fork();
	if (pid == 0) {
		stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
		_exit(lifeline.owner == -1 ? 0 : 1);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	CHECK(send(lifeline.owner, "x", 1, MSG_NOSIGNAL) == 1);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(installation_count("notes", "ended") == 1);
	ended(&keeper);
}

static void the_death_of_the_owner_is_seen_by_the_keeper(void)
{
	pid_t pid;

	installation_make(STUNNEL_PEER);
	installation_script(0, "lifeline\nnote held\nend\nnote ended\n");
	pid = fork();
	if (pid == 0) {
		struct stunnel_keeper keeper = STUNNEL_NO_KEEPER;
		struct stunnel_lifeline lifeline = STUNNEL_NO_LIFELINE;

		CHECK(stunnel_lifeline_open(&lifeline) == 0);
		CHECK(stunnel_keeper_start(&keeper, tap_directory(), STUNNEL_CHILD, NULL, NULL, NULL,
					   error) == 0);
		send_request(&keeper, &lifeline);
		for (;;)
			(void)pause();
	}
	EVENTUALLY(installation_count("notes", "held") == 1);
	CHECK(kill(pid, SIGKILL) == 0);
	EVENTUALLY(installation_count("notes", "ended") == 1);
}

static void a_keeper_that_ended_clean_needs_no_other(void)
{
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline =
		held(&keeper, "lifeline\ntell request=sweep|dir=/x\ntell request=clean\nend\n");

	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(installation_count("starts", "keeper         ") == 1);
	ended(&keeper);
}

static void a_killed_keeper_has_its_last_words_done_by_another(void)
{
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline =
		held(&keeper, "lifeline\ntell request=sweep\n"
			      "tell request=sweep|lock=812|dir=/x|stop=a|stop=|stop=c\ndie\n");

	installation_script(2, "take\nnote swept\nexit 0\n");
	EVENTUALLY(waitpid(keeper.pid, NULL, WNOHANG) == keeper.pid);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(installation_count("notes", "swept") == 1);
	CHECK(strcmp(installation_read("requests"),
		     "request=sweep\nlock=812\ndir=/x\nstop=a\nstop=\nstop=c\n\n") == 0);
	stunnel_keeper_hang_up(&keeper);
}

/* The words are the user's, and slurmstepd is outside of the job. */
static void slurmstepd_has_no_commands_of_last_words_done(void)
{
	const struct stunnel_user user = { .uid = NOBODY, .gid = NOBODY };
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline;

	if (geteuid() != 0)
		tap_skip("needs root, to become another user");
	lifeline = held(&keeper, "lifeline\ntell request=sweep|stop=a|request=sweep\ndie\n");
	installation_script(2, "take\nexit 0\n");
	CHECK(chmod(tap_directory(), 01777) == 0); /* for what the peer writes */
	EVENTUALLY(waitpid(keeper.pid, NULL, WNOHANG) == keeper.pid);
	CHECK(chmod(installation_path("starts"), 0666) == 0);
	stunnel_lifeline_end(&lifeline, tap_directory(), &user);
	CHECK(strcmp(installation_read("requests"),
		     "request=clear\nstop=a\nrequest=sweep\n\n") == 0);
	stunnel_keeper_hang_up(&keeper);
}

static void last_words_may_be_long(void)
{
	static char word[20000], script[sizeof(word) + 128];
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline;

	memset(word, 'x', sizeof(word) - 1);
	(void)snprintf(script, sizeof(script),
		       "lifeline\ntell request=sweep|stop=%.19999s\ndie\n", word);
	lifeline = held(&keeper, script);
	installation_script(2, "take\nexit 0\n");
	EVENTUALLY(waitpid(keeper.pid, NULL, WNOHANG) == keeper.pid);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	/* The peer writes a letter at a time, and need not be done when we stop waiting for it. */
	EVENTUALLY(strlen(installation_read("requests")) ==
		   strlen("request=sweep\nstop=\n\n") + sizeof(word) - 1);
	CHECK(strncmp(installation_read("requests"), "request=sweep\nstop=xxx", 22) == 0);
	stunnel_keeper_hang_up(&keeper);
}

static void a_keeper_killed_before_it_did_anything_leaves_nothing_to_do(void)
{
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline = held(&keeper, "lifeline\ndie\n");

	EVENTUALLY(waitpid(keeper.pid, NULL, WNOHANG) == keeper.pid);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(installation_count("starts", "keeper         ") == 1);
	stunnel_keeper_hang_up(&keeper);
}

static const struct tap_case cases[] = {
	TAP_CASE(a_lifeline_that_is_closed_ends_nothing),
	TAP_CASE(the_end_of_the_lifeline_is_seen_by_the_keeper),
	TAP_CASE(a_fork_of_the_owner_ends_nothing),
	TAP_CASE(the_death_of_the_owner_is_seen_by_the_keeper),
	TAP_CASE(a_keeper_that_ended_clean_needs_no_other),
	TAP_CASE(a_killed_keeper_has_its_last_words_done_by_another),
	TAP_CASE(slurmstepd_has_no_commands_of_last_words_done),
	TAP_CASE(last_words_may_be_long),
	TAP_CASE(a_keeper_killed_before_it_did_anything_leaves_nothing_to_do),
};

TAP_MAIN(cases)
