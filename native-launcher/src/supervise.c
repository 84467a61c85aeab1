/* SPDX-License-Identifier: Apache-2.0 */
#include "supervise.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
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
	pid_t pid = stunnel_spawn(argv, -1);

	if (pid > 0)
		(void)wait_for_children(pid, &status, milliseconds);
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

void stunnel_end_children(char *const stop[])
{
	long long end = stunnel_now() + STOP_MS;
	int status = -1;
	pid_t pid = stop ? stunnel_spawn(stop, -1) : -1;

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

bool stunnel_directory_is_private(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode) &&
	       status.st_uid == geteuid() && (status.st_mode & 077) == 0;
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

/* Knocks, without waiting to be let in: a listener that is busy, or stopped, is one. */
static bool listens(const char *directory, const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	bool refused = snprintf(address.sun_path, sizeof(address.sun_path), "%s/%s", directory,
				name) < (int)sizeof(address.sun_path) &&
		       fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0 &&
		       (errno == ECONNREFUSED || errno == ENOENT);

	if (fd >= 0)
		(void)close(fd);
	return !refused;
}

bool stunnel_directory_listens(const char *path)
{
	DIR *directory = opendir(path);
	bool found = !directory;
	struct dirent *entry;
	struct stat status;

	while (!found && (entry = readdir(directory)))
		found = fstatat(dirfd(directory), entry->d_name, &status,
				AT_SYMLINK_NOFOLLOW) == 0 &&
			S_ISSOCK(status.st_mode) && listens(path, entry->d_name);
	if (directory)
		(void)closedir(directory);
	return found;
}

void stunnel_remove_directory(const char *path)
{
	stunnel_empty_directory(path);
	(void)rmdir(path);
}
