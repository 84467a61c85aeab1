/* SPDX-License-Identifier: Apache-2.0 */
#include "conversation.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
	DESCRIPTORS = 2,
	MOMENT_US = 100000 /* for a terminal to take a line; a lost tunnel is back within a second */
};

/* The first descriptor is the lifeline, the second the voice; no other is wanted. */
static void take_descriptors(struct stunnel_conversation *plugin, const struct cmsghdr *header)
{
	int fds[DESCRIPTORS];
	size_t count;

	if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
		return;
	count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	memcpy(fds, CMSG_DATA(header), count * sizeof(int));
	for (size_t i = 0; i < count; i++) {
		int *slot = i == 0 ? &plugin->lifeline : &plugin->voice;

		if (*slot < 0)
			*slot = fds[i];
		else
			(void)close(fds[i]);
	}
}

bool stunnel_conversation_receive(struct stunnel_conversation *plugin)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(DESCRIPTORS * sizeof(int))];
	} control;
	char bytes[16384];
	struct iovec buffer = { .iov_base = bytes, .iov_len = sizeof(bytes) };
	struct msghdr message = { .msg_iov = &buffer,
				  .msg_iovlen = 1,
				  .msg_control = control.space,
				  .msg_controllen = sizeof(control.space) };
	ssize_t count = recvmsg(plugin->channel, &message, MSG_CMSG_CLOEXEC);

	if (count < 0 && errno == EINTR)
		return true;
	if (count <= 0)
		return false;
	take_descriptors(plugin, CMSG_FIRSTHDR(&message));
	stunnel_record_append(&plugin->requests, bytes, (size_t)count);
	return true;
}

void stunnel_conversation_hang_up(struct stunnel_conversation *plugin)
{
	if (plugin->channel >= 0)
		(void)close(plugin->channel);
	plugin->channel = -1;
}

void stunnel_conversation_bequeath(const struct stunnel_conversation *plugin,
				   const struct stunnel_record *request)
{
	/* The owner reads it only once we are gone: a full socket loses an old copy's successor. */
	if (plugin->lifeline >= 0 && !request->failed)
		(void)send(plugin->lifeline, request->data, request->size,
			   MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void wake(int signal)
{
	(void)signal;
}

/* Has a call that waits for longer than a moment fail from now on, or no more. */
static void bound_waits(bool bounded)
{
	const struct timeval moment = { .tv_usec = bounded ? MOMENT_US : 0 };
	/* Again and again: the first alarm may come before the call. */
	const struct itimerval timer = { .it_value = moment, .it_interval = moment };
	const struct sigaction action = { .sa_handler = wake };
	sigset_t alarm;

	(void)sigemptyset(&alarm);
	(void)sigaddset(&alarm, SIGALRM);
	(void)sigaction(SIGALRM, &action, NULL);
	(void)sigprocmask(bounded ? SIG_UNBLOCK : SIG_BLOCK, &alarm, NULL);
	(void)setitimer(ITIMER_REAL, &timer, NULL);
}

/* The file is shared with the task, so it cannot be made non-blocking: ask first. */
static void speak(int voice, const char *line)
{
	struct pollfd writable = { .fd = voice, .events = POLLOUT };
	struct iovec parts[] = {
		{ .iov_base = (char *)line, .iov_len = strnlen(line, PIPE_BUF - 1) },
		{ .iov_base = "\n", .iov_len = 1 },
	};

	if (poll(&writable, 1, 0) != 1 || !(writable.revents & POLLOUT))
		return; /* nobody listens */
	/*
	 * Up to PIPE_BUF bytes go into a pipe at once, or not at all. But a terminal
	 * that has room for a part takes that, and waits for the rest.
	 */
	bound_waits(true);
	(void)!writev(voice, parts, 2);
	bound_waits(false);
}

void stunnel_conversation_tell(struct stunnel_conversation *plugin, const char *what,
			       const char *line)
{
	struct stunnel_record notice = { 0 };

	if (plugin->voice >= 0) {
		speak(plugin->voice, line);
		return;
	}
	stunnel_record_add(&notice, "answer", what);
	stunnel_record_add(&notice, "text", line);
	stunnel_record_end(&notice);
	/* Half a record would make nonsense of the next one. */
	if (plugin->channel >= 0 && !notice.failed &&
	    send(plugin->channel, notice.data, notice.size, MSG_NOSIGNAL | MSG_DONTWAIT) !=
		    (ssize_t)notice.size)
		stunnel_conversation_hang_up(plugin);
	stunnel_record_free(&notice);
}
