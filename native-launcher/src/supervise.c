/* SPDX-License-Identifier: Apache-2.0 */
#include "supervise.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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

void stunnel_close_from(int first)
{
	struct dirent *entry;
	DIR *descriptors;

#ifdef SYS_close_range
	if (syscall(SYS_close_range, (unsigned int)first, ~0U, 0U) == 0)
		return;
#endif
	/* A kernel before 5.9 (RHEL 8) lists what is open instead. */
	descriptors = opendir("/proc/self/fd");
	while (descriptors && (entry = readdir(descriptors))) {
		int fd = atoi(entry->d_name);

		if (fd >= first && fd != dirfd(descriptors))
			(void)close(fd);
	}
	if (descriptors)
		(void)closedir(descriptors);
}

pid_t stunnel_spawn(char *const argv[], int io)
{
	sigset_t none;
	pid_t pid = fork();
	int null;

	if (pid != 0)
		return pid;
	(void)sigemptyset(&none);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null >= 0 && dup2(io < 0 ? null : io, STDIN_FILENO) >= 0 &&
	    dup2(io < 0 ? null : io, STDOUT_FILENO) >= 0 && dup2(null, STDERR_FILENO) >= 0 &&
	    sigprocmask(SIG_SETMASK, &none, NULL) == 0)
		(void)execvp(argv[0], argv);
	_exit(127);
}

/* Waits until no child is left, or until `watched` (> 0) is. True: so it is. */
static bool wait_for_children(pid_t watched, int *status, int milliseconds, int signals)
{
	long long end = stunnel_now() + milliseconds;
	struct pollfd child = { .fd = signals, .events = POLLIN };
	struct signalfd_siginfo ignored;
	long long left;
	pid_t pid;

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
		if (poll(&child, 1, (int)left) > 0)
			(void)!read(signals, &ignored, sizeof(ignored));
	}
}

static void signal_children(int signal)
{
	char path[64];
	long pid;
	FILE *children;

	(void)snprintf(path, sizeof(path), "/proc/self/task/%ld/children", (long)getpid());
	children = fopen(path, "re");
	if (!children)
		return;
	while (fscanf(children, "%ld", &pid) == 1)
		(void)kill((pid_t)pid, signal);
	(void)fclose(children);
}

void stunnel_end_children(char *const stop[], int signals)
{
	long long end = stunnel_now() + STOP_MS;
	int status = -1;
	pid_t pid = stop ? stunnel_spawn(stop, -1) : -1;

	/* A stop command that failed has nothing to wait for. */
	if (pid > 0 && wait_for_children(pid, &status, STOP_MS, signals) && WIFEXITED(status) &&
	    WEXITSTATUS(status) == 0 &&
	    wait_for_children(0, &status, (int)(end - stunnel_now()), signals))
		return;
	signal_children(SIGTERM);
	if (wait_for_children(0, &status, TERM_MS, signals))
		return;
	do {
		signal_children(SIGKILL);
	} while (!wait_for_children(0, &status, KILL_MS, signals));
}

void stunnel_empty_directory(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct dirent *entry;
	struct stat status;
	DIR *directory;

	if (fd < 0)
		return;
	if (fstat(fd, &status) != 0 || status.st_uid != getuid() || !(directory = fdopendir(fd))) {
		(void)close(fd);
		return;
	}
	while ((entry = readdir(directory))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			(void)unlinkat(fd, entry->d_name, 0);
	}
	(void)closedir(directory);
}

void stunnel_remove_directory(const char *path)
{
	stunnel_empty_directory(path);
	(void)rmdir(path);
}
