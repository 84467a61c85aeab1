/* SPDX-License-Identifier: Apache-2.0 */
#include "../src/gate.h"

#include "tap.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TASKS = 4 };

static struct stunnel_gate gate = STUNNEL_NO_GATE;

/* A task waits, and exits with what it got: 0 for the answer, else the number negated. */
static pid_t start_task(const char *expected)
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		struct stunnel_record answer = { 0 };
		int result = stunnel_gate_wait(&gate, &answer);
		const char *text = NULL;

		if (stunnel_record_message(&answer) > 0)
			text = stunnel_record_get(&answer, "text");
		if (result == 0 && expected && (!text || strcmp(text, expected) != 0))
			result = -100;
		stunnel_record_free(&answer);
		stunnel_gate_close(&gate);
		_exit(-result);
	}
	return pid;
}

static void start_tasks(const char *expected)
{
	CHECK(stunnel_gate_make(&gate) == 0);
	for (int task = 0; task < TASKS; task++)
		(void)start_task(expected);
}

static void all_end_with(int expected)
{
	int status;

	stunnel_gate_close(&gate);
	CHECK(gate.in == -1 && gate.out == -1 && gate.board == -1);
	for (int task = 0; task < TASKS; task++)
		CHECK(wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == expected);
}

static struct stunnel_record answer_with(const char *text)
{
	struct stunnel_record answer = { 0 };

	stunnel_record_add(&answer, "answer", "ready");
	stunnel_record_add(&answer, "text", text);
	stunnel_record_end(&answer);
	return answer;
}

static void all_tasks_get_the_answer(void)
{
	static char text[20000];
	struct stunnel_record answer;

	memset(text, 'x', sizeof(text) - 1);
	answer = answer_with(text);
	start_tasks(text);
	stunnel_gate_open(&gate, TASKS, &answer, 0);
	all_end_with(0);
	stunnel_record_free(&answer);
}

static void a_task_that_comes_late_gets_it_too(void)
{
	struct stunnel_record answer = answer_with("late");

	CHECK(stunnel_gate_make(&gate) == 0);
	stunnel_gate_open(&gate, TASKS, &answer, 0);
	for (int task = 0; task < TASKS; task++)
		(void)start_task("late");
	all_end_with(0);
	stunnel_record_free(&answer);
}

static void all_tasks_fail_as_the_first_one_does(void)
{
	struct stunnel_record answer = answer_with("failed");

	start_tasks(NULL);
	stunnel_gate_open(&gate, TASKS, &answer, -1);
	all_end_with(1);
	stunnel_record_free(&answer);
}

static void a_tunnel_without_an_answer_lets_them_go_on(void)
{
	const struct stunnel_record none = { 0 };

	start_tasks(NULL);
	stunnel_gate_open(&gate, TASKS, &none, 0);
	all_end_with(0);
}

/* The first task, which shares the gate, is killed; slurmstepd shuts its own side then. */
static void all_tasks_fail_when_the_first_one_dies(void)
{
	pid_t first;

	CHECK(stunnel_gate_make(&gate) == 0);
	first = fork();
	if (first == 0) {
		for (;;)
			(void)pause();
	}
	for (int task = 0; task < TASKS; task++)
		(void)start_task(NULL);
	stunnel_gate_shut(&gate);
	CHECK(gate.in == -1 && gate.out >= 0);
	CHECK(kill(first, SIGKILL) == 0 && waitpid(first, NULL, 0) == first);
	all_end_with(2);
}

static void a_gate_that_could_not_be_made_lets_nobody_through(void)
{
	struct stunnel_record answer = { 0 };

	CHECK(stunnel_gate_wait(&gate, &answer) == -1);
	stunnel_gate_shut(&gate);
	stunnel_gate_close(&gate);
	stunnel_record_free(&answer);
}

static const struct tap_case cases[] = {
	TAP_CASE(all_tasks_get_the_answer),
	TAP_CASE(a_task_that_comes_late_gets_it_too),
	TAP_CASE(all_tasks_fail_as_the_first_one_does),
	TAP_CASE(a_tunnel_without_an_answer_lets_them_go_on),
	TAP_CASE(all_tasks_fail_when_the_first_one_dies),
	TAP_CASE(a_gate_that_could_not_be_made_lets_nobody_through),
};

TAP_MAIN(cases)
