/* SPDX-License-Identifier: Apache-2.0 */
/* Runtimes that are none, as the keeper tells of them. */
#include "installation.h"
#include "launcher.h"
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void a_missing_runtime_is_told(void)
{
	installation_make(STUNNEL_KEEPER);
	CHECK(unlink(installation_path("libexec/java")) == 0);
	start_keeper(STUNNEL_CHILD);
	ask("check");
	CHECK(is_answered("failed") && says("the tunnel needs the Java runtime under /"));
	CHECK(says(tap_directory()) && says("/libexec/java and lib/java"));
	ends();
}

static void a_missing_jar_is_told(void)
{
	installation_make(STUNNEL_KEEPER);
	CHECK(unlink(installation_path("lib/java/stunnel-runtime.jar")) == 0);
	start_keeper(STUNNEL_CHILD);
	ask("check");
	CHECK(is_answered("failed") && says("/libexec/java and lib/java"));
	ends();
}

static void a_runtime_that_others_can_write_is_not_started(void)
{
	begin(STUNNEL_KEEPER, "eof\n");
	CHECK(chmod(installation_path("lib/java/stunnel-runtime.jar"), 0666) == 0);
	ask("check");
	CHECK(is_answered("failed"));
	CHECK(says("/lib/java/stunnel-runtime.jar can be written by others"));
	CHECK(!installation_has("starts"));
	ends();
}

static void a_runtime_that_only_ends_is_told(void)
{
	begin(STUNNEL_KEEPER, TAKE "raw Error: Unable to access jarfile\nexit 1\n");
	ask("check");
	CHECK(is_answered("failed") && says("ended without an answer"));
	ends();
}

static void an_answer_that_means_nothing_is_told(void)
{
	begin(STUNNEL_KEEPER, TAKE "say answer=perhaps\n" EOF_);
	ask("check");
	CHECK(is_answered("failed") && says("means nothing"));
	ends();
}

static void an_empty_answer_is_told(void)
{
	begin(STUNNEL_KEEPER, TAKE "say \n" EOF_);
	ask("check");
	CHECK(is_answered("failed") && says("means nothing"));
	ends();
}

static void an_answer_without_end_is_told(void)
{
	begin(STUNNEL_KEEPER, TAKE "flood 1100000\n" "hang\n");
	ask("check");
	CHECK(is_answered("failed") && says("ended without an answer"));
	ends();
}

static void the_longest_answer_is_handed_on(void)
{
	begin(STUNNEL_KEEPER, TAKE "raw text=\nflood 1048000\nsay |answer=ok\n" EOF_);
	ask("check");
	CHECK(is_answered("ok") && strlen(stunnel_record_get(&answer, "text")) == 1048000);
	stunnel_keeper_hang_up(&keeper);
	ends();
}

static void a_silent_runtime_is_told_in_the_end(void)
{
	begin(STUNNEL_HASTY_KEEPER, TAKE "stubborn\nhang\n");
	ask("check");
	CHECK(is_answered("failed") && says("does not answer"));
	ends();
}

static void a_runtime_that_never_reads_is_told_in_the_end(void)
{
	struct stunnel_record request = { 0 };
	static char option[1000000];

	begin(STUNNEL_KEEPER, "hang\n");
	memset(option, 'x', sizeof(option) - 1);
	stunnel_record_add(&request, "request", "check");
	stunnel_record_add(&request, "option", option);
	stunnel_record_end(&request);
	CHECK(stunnel_keeper_send(&keeper, &request, NULL, error) == 0);
	stunnel_record_free(&request);
	CHECK(is_answered("failed") && says("takes no request"));
	ends();
}

static void a_killed_runtime_is_told_even_if_its_child_lives(void)
{
	begin(STUNNEL_KEEPER, OPENING "fork\nrun start\ndie\n");
	ask("open");
	CHECK(is_answered("failed") && says("ended without an answer"));
	/* Whoever reads this may count on it. */
	CHECK(!installation_has("control"));
	ends();
}

static void a_request_without_end_ends_the_keeper(void)
{
	static const char bytes[65536] = { 'x' };
	size_t sent = 0;

	begin(STUNNEL_KEEPER, EOF_);
	while (send(keeper.channel, bytes, sizeof(bytes), MSG_NOSIGNAL) > 0)
		CHECK((sent += sizeof(bytes)) < 2 * STUNNEL_RECORD_MAX);
	CHECK(errno == EPIPE || errno == ECONNRESET);
	ends();
}

/* The ones that wait long come first. */

static const struct tap_case cases[] = {
	TAP_CASE(a_runtime_that_never_reads_is_told_in_the_end),
	TAP_VARIATION(a_missing_runtime_is_told),
	TAP_VARIATION(a_missing_jar_is_told),
	TAP_VARIATION(a_runtime_that_others_can_write_is_not_started),
	TAP_VARIATION(a_runtime_that_only_ends_is_told),
	TAP_VARIATION(an_answer_that_means_nothing_is_told),
	TAP_CASE(an_empty_answer_is_told),
	TAP_CASE(an_answer_without_end_is_told),
	TAP_VARIATION(the_longest_answer_is_handed_on),
	TAP_CASE(a_silent_runtime_is_told_in_the_end),
	TAP_CASE(a_killed_runtime_is_told_even_if_its_child_lives),
	TAP_CASE(a_request_without_end_ends_the_keeper),
};

TAP_MAIN(cases)
