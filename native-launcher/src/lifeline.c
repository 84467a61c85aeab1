/* SPDX-License-Identifier: Apache-2.0 */
#include "lifeline.h"

#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int stunnel_lifeline_open(struct stunnel_lifeline *lifeline)
{
	int pair[2];

	if (stunnel_socket_pair(SOCK_SEQPACKET, pair) != 0)
		return -1;
	*lifeline = (struct stunnel_lifeline){ .owner = pair[0],
					       .keeper = pair[1],
					       .voice = -1,
					       .maker = getpid() };
	return 0;
}

static struct timespec in_seconds(int seconds)
{
	struct timespec end = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += seconds;
	return end;
}

static int milliseconds_until(const struct timespec *end)
{
	struct timespec now = in_seconds(0);
	long long left = (long long)(end->tv_sec - now.tv_sec) * 1000 +
			 (end->tv_nsec - now.tv_nsec) / 1000000;

	return left > 0 ? (int)left : 0;
}

/*
 * Waits until the peer is gone. False: it is still there at `end`. Nothing that it
 * says is taken meanwhile: a user can make it talk for ever.
 */
static bool wait_for_end(int fd, const struct timespec *end)
{
	struct pollfd peer = { .fd = fd };
	int ready;

	do {
		ready = poll(&peer, 1, milliseconds_until(end));
	} while (ready < 0 && errno == EINTR);
	return ready > 0;
}

/*
 * Looks at the packet `from` bytes on, which stays where it is. Returns its size, 0 at
 * the end, or -1: there is none, or one that holds descriptors, as no keeper's does.
 */
static ssize_t look_at_packet(int fd, int from, struct iovec bytes)
{
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1 };
	ssize_t count;

	if (setsockopt(fd, SOL_SOCKET, SO_PEEK_OFF, &from, sizeof(from)) != 0)
		return -1;
	count = recvmsg(fd, &message, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
	return message.msg_flags & MSG_CTRUNC ? -1 : count;
}

/* Keeps the last packet of a peer that is gone. False: that left other things, too. */
static bool look_at_last_words(int fd, struct stunnel_record *words)
{
	const struct iovec nothing = { 0 };
	struct iovec packet;
	ssize_t size;

	for (int from = 0; (size = look_at_packet(fd, from, nothing)) > 0; from += (int)size) {
		stunnel_record_free(words);
		/* A socket takes no packet that is larger than its buffer, a few 100 KiB. */
		packet.iov_len = (size_t)size;
		packet.iov_base = packet.iov_len <= STUNNEL_RECORD_MAX ? malloc(packet.iov_len) : NULL;
		if (packet.iov_base && look_at_packet(fd, from, packet) == size)
			stunnel_record_append(words, packet.iov_base, packet.iov_len);
		free(packet.iov_base);
	}
	return size == 0;
}

/*
 * Has the peer see our end. What a user's process sent may hold descriptors, and to
 * close the last copy of one takes as long as that user likes (SO_LINGER). Unless
 * the peer left nothing of the kind, slurmstepd keeps its socket until it ends
 * itself, when the kernel does not wait.
 */
static void let_go(int *fd, bool harmless)
{
	if (harmless) {
		stunnel_close(fd);
		return;
	}
	(void)shutdown(*fd, SHUT_RDWR);
	*fd = -1;
}

/* Not waitpid() alone: in srun it can be traced, so that only who traces it sees its end. */
static void reap_until(pid_t pid, const struct timespec *end)
{
	const struct timespec pause = { .tv_nsec = 1000000 };

	while (waitpid(pid, NULL, WNOHANG) == 0 && milliseconds_until(end) > 0)
		(void)nanosleep(&pause, NULL);
}

/*
 * Hands a request to a new keeper, which ends with it, and waits for that. It is
 * the user's, who can stop it: nothing here waits for longer. One that slurmstepd
 * started is outside of the job, and does not stay.
 */
static void have_done(const struct stunnel_record *request, const char *prefix,
		      const struct stunnel_user *user)
{
	struct stunnel_keeper keeper = STUNNEL_NO_KEEPER;
	struct timespec end = in_seconds(STUNNEL_END_SECONDS);
	struct stunnel_record words = { 0 };
	char error[STUNNEL_ERROR_MAX];
	bool gone = false;

	/* What one socket of a keeper took, this one does, though nobody reads it yet. */
	if (stunnel_keeper_start(&keeper, prefix, STUNNEL_CHILD, user, NULL, NULL, error) == 0 &&
	    fcntl(keeper.channel, F_SETFL, O_NONBLOCK) == 0 &&
	    stunnel_keeper_send(&keeper, request, NULL, error) == 0)
		gone = wait_for_end(keeper.channel, &end);
	if (gone)
		reap_until(keeper.pid, &end);
	else if (user && keeper.pid > 0 && waitpid(keeper.pid, NULL, WNOHANG) == 0)
		(void)kill(keeper.pid, SIGKILL);
	let_go(&keeper.channel, !user || (gone && look_at_last_words(keeper.channel, &words)));
	stunnel_record_free(&words);
}

/* How last words begin that are to be done. Here, they are only handed on. */
static const char wanted[] = "request=sweep";

static void do_last_words(const struct stunnel_record *words, const char *prefix,
			  const struct stunnel_user *user)
{
	struct stunnel_record request = { 0 };

	/*
	 * What slurmstepd starts is outside of the job, and what the words say is the
	 * user's: no command of theirs may run there, and outlive the job.
	 */
	stunnel_record_add(&request, "request", user ? "clear" : "sweep");
	stunnel_record_append(&request, words->data + sizeof(wanted), words->size - sizeof(wanted));
	have_done(&request, prefix, user);
	stunnel_record_free(&request);
}

void stunnel_lifeline_end(struct stunnel_lifeline *lifeline, const char *prefix,
			  const struct stunnel_user *user)
{
	struct timespec end = in_seconds(STUNNEL_END_SECONDS);
	struct stunnel_record words = { 0 };
	bool harmless;

	/* Our copy of the keeper's end would hide that the keeper is gone. */
	stunnel_close(&lifeline->keeper);
	if (lifeline->maker != getpid())
		stunnel_close(&lifeline->owner);
	if (lifeline->owner < 0)
		return;
	/* Not close(): a copy held by a process between fork and exec must not matter. */
	(void)shutdown(lifeline->owner, SHUT_WR);
	harmless = wait_for_end(lifeline->owner, &end) &&
		   look_at_last_words(lifeline->owner, &words);
	let_go(&lifeline->owner, !user || harmless);
	if (words.size >= sizeof(wanted) &&
	    memcmp(words.data, wanted, sizeof(wanted)) == 0)
		do_last_words(&words, prefix, user);
	stunnel_record_free(&words);
}

void stunnel_lifeline_tidy(uint32_t job, uint32_t step, const char *prefix,
			   const struct stunnel_user *user)
{
	struct stunnel_record request = { 0 };

	stunnel_record_add(&request, "request", "tidy");
	if (job != 0) {
		stunnel_record_add_number(&request, "job", job);
		stunnel_record_add_number(&request, "step", step);
	}
	stunnel_record_end(&request);
	have_done(&request, prefix, user);
	stunnel_record_free(&request);
}
