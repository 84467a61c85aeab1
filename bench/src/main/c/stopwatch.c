/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stopwatch RUNS COMMAND...: how long each command takes, as the shell's user sees it.
 *
 * Every COMMAND is a text for sh. They run in turns, A B C A B C, so that whatever
 * else the machine does meets all of them alike; one round before the first is not
 * counted. Prints a line for each counted run: the command's number, its wall time in
 * microseconds and its exit status. A command that writes the single word "mark" to
 * descriptor 9 has its time taken then; what it does afterwards is not counted.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MARK = 9, MOST_RUNS = 100000 };

static long long now(void)
{
	struct timespec time = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (long long)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

/* Waits for the mark, or for the end of everything that could give it. */
static long long marked(int mark)
{
	char byte;
	ssize_t count;

	do {
		count = read(mark, &byte, 1);
	} while (count < 0 && errno == EINTR);
	return count == 1 ? now() : 0;
}

static long long run(char *command, int *status)
{
	char shell[] = "/bin/sh", option[] = "-c";
	char *argv[] = { shell, option, command, NULL };
	posix_spawn_file_actions_t actions;
	long long begin, mark, end;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0 || posix_spawn_file_actions_init(&actions) != 0 ||
	    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0) != 0 ||
	    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0) != 0 ||
	    posix_spawn_file_actions_adddup2(&actions, ends[1], MARK) != 0)
		err(2, "cannot prepare a command");
	begin = now();
	if ((errno = posix_spawn(&pid, shell, &actions, NULL, argv, environ)) != 0)
		err(2, "%s", shell);
	(void)close(ends[1]);
	mark = marked(ends[0]);
	if (waitpid(pid, status, 0) != pid)
		err(2, "waitpid");
	end = now();
	(void)close(ends[0]);
	(void)posix_spawn_file_actions_destroy(&actions);
	return (mark ? mark : end) - begin;
}

int main(int argc, char *argv[])
{
	long runs = argc > 2 ? strtol(argv[1], NULL, 10) : 0;

	if (runs < 1 || runs > MOST_RUNS)
		errx(2, "usage: stopwatch RUNS COMMAND...");
	for (long i = 0; i <= runs; i++) {
		for (int command = 2; command < argc; command++) {
			int status = 0;
			long long time = run(argv[command], &status);

			if (i > 0)
				printf("%d %lld %d\n", command - 2, time,
				       WIFEXITED(status) ? WEXITSTATUS(status) : 128);
		}
		(void)fflush(stdout);
	}
	return 0;
}
