/* SPDX-License-Identifier: Apache-2.0 */
#include "../src/survivors.h"

#include "tap.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start_child(void)
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		/* A name that a careless reader of /proc/PID/stat stumbles over. */
		(void)prctl(PR_SET_NAME, "a)\nZ 1 (b");
		(void)raise(SIGSTOP);
		for (;;)
			(void)pause();
	}
	CHECK(waitpid(pid, NULL, WUNTRACED) == pid);
	return pid;
}

/* When this process was started, whose name is as others are. */
static unsigned long long own_start(void)
{
	unsigned long long start = 0;
	FILE *file = fopen("/proc/self/stat", "re");

	CHECK(file && fscanf(file, "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
				   "%*s %*s %*s %*s %*s %llu",
			     &start) == 1);
	CHECK(fclose(file) == 0);
	return start;
}

static void kill_noted(struct stunnel_record *record)
{
	stunnel_record_end(record);
	stunnel_survivors_kill(record);
	stunnel_record_free(record);
}

static void all_children_are_noted_and_killed(void)
{
	struct stunnel_record record = { 0 };
	unsigned long long start;
	pid_t children[3];
	int status;

	/* Stopped ones, which take no other signal. */
	for (int i = 0; i < 3; i++)
		children[i] = start_child();
	stunnel_survivors_note(&record);
	CHECK(sscanf(stunnel_record_get(&record, "process"), "%*d %llu", &start) == 1);
	/* The clock of a machine that runs tests has ticked more often than any other field counts. */
	CHECK(start >= own_start() && own_start() > 0);
	kill_noted(&record);
	for (int i = 0; i < 3; i++) {
		CHECK(waitpid(children[i], &status, 0) == children[i]);
		CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
}

/* Another process has the number of one that is gone. */
static void a_number_alone_kills_nobody(void)
{
	static const char *const starts[] = { " 1", " 0", "", " ", " -1", " text", " 0x1",
					      " 18446744073709551616" };
	struct stunnel_record record = { 0 };
	pid_t pid = start_child();
	char text[64];
	int status;

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		(void)snprintf(text, sizeof(text), "%ld%s", (long)pid, starts[i]);
		stunnel_record_add(&record, "process", text);
	}
	stunnel_record_add(&record, "process", "");
	stunnel_record_add(&record, "process", "1 1");
	stunnel_record_add(&record, "process", "0 0");
	kill_noted(&record);
	/* Of several signals that end it, the first one does. */
	CHECK(kill(pid, SIGTERM) == 0 && kill(pid, SIGCONT) == 0);
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

static void another_users_process_is_left_alone(void)
{
	struct stunnel_record record = { 0 };
	pid_t pid = start_child(), killer;

	if (geteuid() != 0)
		tap_skip("needs root, to be another user");
	stunnel_survivors_note(&record);
	stunnel_record_end(&record);
	killer = fork();
	if (killer == 0) {
		/* It may kill all processes, and yet is not their user. */
		CHECK(setresuid(1, 0, 0) == 0);
		stunnel_survivors_kill(&record);
		exit(EXIT_SUCCESS);
	}
	CHECK(waitpid(killer, NULL, 0) == killer && waitpid(pid, NULL, WNOHANG) == 0);
	kill_noted(&record);
	CHECK(waitpid(pid, NULL, 0) == pid);
}

static const struct tap_case cases[] = {
	TAP_CASE(all_children_are_noted_and_killed),
	TAP_CASE(a_number_alone_kills_nobody),
	TAP_CASE(another_users_process_is_left_alone),
};

TAP_MAIN(cases)
