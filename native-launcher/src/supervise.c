/* SPDX-License-Identifier: Apache-2.0 */
#include "supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* How long each way of ending may take; STUNNEL_END_SECONDS holds them all. */
enum { STOP_MS = 2000, TERM_MS = 1000, KILL_MS = 200 };

long long stunnel_now(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* As execvp() does it, but what is no program is not given to a shell. */
static void execute(char *const argv[])
{
	const char *folders = getenv("PATH");
	char path[PATH_MAX];

	if (strchr(argv[0], '/')) {
		(void)execv(argv[0], argv);
		return;
	}
	for (size_t length; folders && *folders; folders += length + (folders[length] == ':')) {
		length = strcspn(folders, ":");
		if (length > 0 && snprintf(path, sizeof(path), "%.*s/%s", (int)length, folders,
					   argv[0]) < (int)sizeof(path))
			(void)execv(path, argv);
	}
}

pid_t stunnel_spawn(char *const argv[], int io, int errors)
{
	sigset_t none;
	pid_t pid = fork();
	int null;

	if (pid != 0)
		return pid;
	(void)sigemptyset(&none);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null >= 0 && dup2(io < 0 ? null : io, STDIN_FILENO) >= 0 &&
	    dup2(io < 0 ? null : io, STDOUT_FILENO) >= 0 &&
	    dup2(errors < 0 ? null : errors, STDERR_FILENO) >= 0 &&
	    sigprocmask(SIG_SETMASK, &none, NULL) == 0)
		execute(argv);
	_exit(127);
}

/* Waits until no child is left, or until `watched` (> 0) is. True: so it is. */
static bool wait_for_children(pid_t watched, int *status, int milliseconds)
{
	long long end = stunnel_now() + milliseconds;
	struct timespec pause;
	sigset_t child;
	long long left;
	pid_t pid;

	(void)sigemptyset(&child);
	(void)sigaddset(&child, SIGCHLD);
	for (;;) {
		while ((pid = waitpid(-1, status, WNOHANG)) > 0) {
			if (pid == watched)
				return true;
		}
		if (pid < 0 && errno == ECHILD)
			return true;
		left = end - stunnel_now();
		if (left <= 0)
			return false;
		/* Not the signalfd: an order to end must not get lost here. */
		pause = (struct timespec){ .tv_sec = left / 1000,
					   .tv_nsec = left % 1000 * 1000000 };
		(void)sigtimedwait(&child, NULL, &pause);
	}
}

void stunnel_run(char *const argv[], int milliseconds)
{
	int status;
	pid_t pid = stunnel_spawn(argv, -1, -1);

	if (pid > 0)
		(void)wait_for_children(pid, &status, milliseconds);
}

void stunnel_visit_children(void (*visit)(pid_t pid, void *with), void *with)
{
	char path[64];
	FILE *children;
	long pid;

	(void)snprintf(path, sizeof(path), "/proc/self/task/%ld/children", (long)getpid());
	children = fopen(path, "re");
	while (children && fscanf(children, "%ld", &pid) == 1)
		visit((pid_t)pid, with);
	if (children)
		(void)fclose(children);
}

static void send_signal(pid_t pid, void *signal)
{
	(void)kill(pid, *(int *)signal);
}

static void signal_children(int signal)
{
	stunnel_visit_children(send_signal, &signal);
}

void stunnel_end_children(char *const stop[])
{
	long long end = stunnel_now() + STOP_MS;
	int status = -1;
	pid_t pid = stop ? stunnel_spawn(stop, -1, -1) : -1;

	/* A stop command that failed has nothing to wait for. */
	if (pid > 0 && wait_for_children(pid, &status, STOP_MS) && WIFEXITED(status) &&
	    WEXITSTATUS(status) == 0 &&
	    wait_for_children(0, &status, (int)(end - stunnel_now())))
		return;
	signal_children(SIGTERM);
	if (wait_for_children(0, &status, TERM_MS))
		return;
	do {
		signal_children(SIGKILL);
	} while (!wait_for_children(0, &status, KILL_MS));
}
