/* SPDX-License-Identifier: Apache-2.0 */
/* What is said to a keeper, and what it answers. */
#include "installation.h"
#include "played.h"
#include "tap.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Lets the keeper go on once what it has said so far was read. */
static void send_the_rest_when_drained(int fd)
{
	int left;

	EVENTUALLY(ioctl(fd, FIONREAD, &left) == 0 && left > 0);
	if (fork() == 0) {
		EVENTUALLY(ioctl(fd, FIONREAD, &left) == 0 && left == 0);
		installation_write("go", "");
		_exit(0);
	}
}

static void an_answer_is_awaited_until_it_is_whole(void)
{
	struct stunnel_keeper keeper = started("raw answer=\nawait go\nsay ok|text=hello\neof\n");
	struct stunnel_record answer = { 0 };

	send_the_rest_when_drained(keeper.channel);
	CHECK(stunnel_keeper_receive(&keeper, &answer, error) == 0);
	CHECK(strcmp(stunnel_record_get(&answer, "answer"), "ok") == 0);
	CHECK(strcmp(stunnel_record_get(&answer, "text"), "hello") == 0);
	stunnel_record_free(&answer);
	ended(&keeper);
}

static void half_an_answer_is_none(void)
{
	struct stunnel_keeper keeper = started("raw answer=ok\nexit 0\n");
	struct stunnel_record answer = { 0 };

	CHECK(stunnel_keeper_receive(&keeper, &answer, error) == -1);
	CHECK(strstr(error, "Connection reset by peer"));
	stunnel_record_free(&answer);
	ended(&keeper);
}

static void an_answer_without_end_is_refused(void)
{
	struct stunnel_keeper keeper = started("flood 1200000\nhang\n");
	struct stunnel_record answer = { 0 };

	CHECK(stunnel_keeper_receive(&keeper, &answer, error) == -1);
	CHECK(strstr(error, "Cannot allocate memory") && answer.size == STUNNEL_RECORD_MAX);
	stunnel_record_free(&answer);
	CHECK(kill(keeper.pid, SIGKILL) == 0);
	ended(&keeper);
}

static void a_great_request_arrives_whole(void)
{
	struct stunnel_keeper keeper = started("take\nsay answer=ok\neof\n");
	struct stunnel_record request = { 0 }, answer = { 0 };
	char field[32];

	for (int i = 0; i < 2000; i++) {
		(void)snprintf(field, sizeof(field), "%d", i);
		stunnel_record_add(&request, "option", field);
	}
	stunnel_record_end(&request);
	CHECK(stunnel_keeper_send(&keeper, &request, NULL, error) == 0);
	CHECK(stunnel_keeper_receive(&keeper, &answer, error) == 0);
	CHECK(installation_count("requests", "option=1999") == 1);
	stunnel_record_free(&request);
	stunnel_record_free(&answer);
	ended(&keeper);
}

static void a_request_that_failed_is_not_sent(void)
{
	struct stunnel_keeper keeper = started("eof\n");
	struct stunnel_record request = { .failed = true };

	CHECK(stunnel_keeper_send(&keeper, &request, NULL, error) == -1);
	CHECK(strcmp(error, "cannot send the request to the keeper: Cannot allocate memory") == 0);
	ended(&keeper);
}

static void a_keeper_that_is_gone_is_no_signal(void)
{
	struct stunnel_keeper keeper = started("exit 0\n");
	struct stunnel_lifeline lifeline = STUNNEL_NO_LIFELINE;
	struct stunnel_record request = { 0 };
	int status;

	CHECK(waitpid(keeper.pid, &status, 0) == keeper.pid);
	CHECK(stunnel_lifeline_open(&lifeline) == 0);
	add_request(&request, "open");
	CHECK(stunnel_keeper_send(&keeper, &request, &lifeline, error) == 1);
	CHECK(strcmp(error, "cannot send the request to the keeper: Broken pipe") == 0);
	/* Nobody has it: it ends at once. */
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	stunnel_record_free(&request);
	stunnel_keeper_hang_up(&keeper);
}

static void what_a_keeper_said_before_it_went_is_heard(void)
{
	struct stunnel_keeper keeper = started("say answer=failed\nexit 0\n");
	struct stunnel_record request = { 0 }, answer = { 0 };

	CHECK(waitpid(keeper.pid, NULL, 0) == keeper.pid);
	add_request(&request, "login");
	CHECK(stunnel_keeper_send(&keeper, &request, NULL, error) == 1);
	CHECK(stunnel_keeper_receive(&keeper, &answer, error) == 0);
	CHECK(strcmp(stunnel_record_get(&answer, "answer"), "failed") == 0);
	stunnel_record_free(&request);
	stunnel_record_free(&answer);
	stunnel_keeper_hang_up(&keeper);
}

static const struct tap_case cases[] = {
	TAP_CASE(an_answer_is_awaited_until_it_is_whole),
	TAP_CASE(half_an_answer_is_none),
	TAP_CASE(an_answer_without_end_is_refused),
	TAP_CASE(a_great_request_arrives_whole),
	TAP_CASE(a_request_that_failed_is_not_sent),
	TAP_CASE(a_keeper_that_is_gone_is_no_signal),
	TAP_CASE(what_a_keeper_said_before_it_went_is_heard),
};

TAP_MAIN(cases)
