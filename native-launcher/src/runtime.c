/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime.h"

#include "archive.h"
#include "supervise.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A peer that does not read for so long hangs. */
enum { SEND_SECONDS = 5 };

void stunnel_bound_sending(int fd)
{
	const struct timeval limit = { .tv_sec = SEND_SECONDS };

	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

void stunnel_send_all(int *fd, const char *bytes, size_t size)
{
	while (*fd >= 0 && size > 0) {
		ssize_t sent = send(*fd, bytes, size, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0) {
			(void)close(*fd);
			*fd = -1;
			return;
		}
		bytes += sent;
		size -= (size_t)sent;
	}
}

int stunnel_runtime_start(struct stunnel_runtime *runtime, const char *prefix)
{
	char java[PATH_MAX + 16], options[PATH_MAX + 32], jna[PATH_MAX + 48], jar[PATH_MAX + 48];
	char archive[PATH_MAX + 32] = "-XX:SharedArchiveFile=";
	char classpath[] = "-cp", main[] = "stunnel.runtime.Main";
	char *argv[] = { java, options, jna, classpath, jar, main, NULL, NULL };
	char *path = archive + strlen(archive);
	int pair[2];

	/* One that was dismissed may still be there. */
	stunnel_runtime_kill(runtime);
	stunnel_runtime_close(runtime);
	/* The buffers hold any prefix that fits PATH_MAX. */
	(void)snprintf(java, sizeof(java), "%s/libexec/java", prefix);
	(void)snprintf(options, sizeof(options), "@%s/lib/java/jvm.options", prefix);
	(void)snprintf(jna, sizeof(jna), "-Djna.boot.library.path=%s/lib/java", prefix);
	(void)snprintf(jar, sizeof(jar), "%s/lib/java/stunnel-runtime.jar", prefix);
	if (access(java, X_OK) != 0 || access(jar, R_OK) != 0)
		return -1;
	runtime->archived = !runtime->distrusts &&
			    stunnel_archive_path(path, PATH_MAX, prefix) == 0 &&
			    access(path, R_OK) == 0;
	if (runtime->archived) {
		memmove(argv + 3, argv + 2, 4 * sizeof(argv[0]));
		argv[2] = archive;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	runtime->pid = stunnel_spawn(argv, pair[1], -1);
	(void)close(pair[1]);
	runtime->socket = pair[0];
	stunnel_bound_sending(runtime->socket);
	return runtime->pid > 0 ? 0 : -1;
}

bool stunnel_runtime_distrust_archive(struct stunnel_runtime *runtime)
{
	runtime->distrusts |= runtime->archived;
	return runtime->archived;
}

void stunnel_runtime_reaped(struct stunnel_runtime *runtime, pid_t pid)
{
	if (pid != runtime->pid)
		return;
	runtime->pid = -1;
	if (runtime->socket >= 0)
		(void)shutdown(runtime->socket, SHUT_RDWR);
}

void stunnel_runtime_close(struct stunnel_runtime *runtime)
{
	if (runtime->socket >= 0)
		(void)close(runtime->socket);
	runtime->socket = -1;
	stunnel_record_free(&runtime->answers);
}

void stunnel_runtime_kill(struct stunnel_runtime *runtime)
{
	if (runtime->pid > 0)
		(void)kill(runtime->pid, SIGKILL);
	runtime->pid = -1;
	if (runtime->socket < 0)
		return;
	/* Reading ends where the queue does, whoever else has the other end. */
	(void)shutdown(runtime->socket, SHUT_RDWR);
	while (stunnel_record_read(&runtime->answers, runtime->socket) > 0)
		;
}
