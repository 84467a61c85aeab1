/* SPDX-License-Identifier: Apache-2.0 */
#include "lifeline.h"

#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
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
 * Takes one packet, and keeps it in `words` instead of the one before; NULL: it
 * does not matter. Returns its size, 0 at the end, or -1 with errno.
 */
static ssize_t take_packet(int fd, struct stunnel_record *words)
{
	char ignored[64];
	ssize_t size;
	char *packet;

	if (!words)
		return recv(fd, ignored, sizeof(ignored), MSG_DONTWAIT);
	size = recv(fd, ignored, 0, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
	if (size <= 0)
		return size;
	stunnel_record_free(words);
	/* A socket takes no packet that is larger than its buffer, a few 100 KiB. */
	packet = (size_t)size <= STUNNEL_RECORD_MAX ? malloc((size_t)size) : NULL;
	if (!packet)
		return recv(fd, ignored, sizeof(ignored), MSG_DONTWAIT);
	size = recv(fd, packet, (size_t)size, MSG_DONTWAIT);
	if (size > 0)
		stunnel_record_append(words, packet, (size_t)size);
	free(packet);
	return size;
}

/* Reads what the peer says until it is gone. False: it is still there at `end`. */
static bool listen_to_the_end(int fd, struct stunnel_record *last_words, const struct timespec *end)
{
	struct pollfd peer = { .fd = fd, .events = POLLIN };

	for (;;) {
		int left = milliseconds_until(end);
		int ready = poll(&peer, 1, left);
		ssize_t count;

		if (ready < 0 && errno == EINTR)
			continue;
		/* A user can make a peer that never stops talking: nor does that hold us. */
		if (ready <= 0 || left == 0)
			return false;
		count = take_packet(fd, last_words);
		if (count < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (count <= 0)
			return true;
	}
}

/* Not waitpid() alone: the user can have it traced, so that only who traces it sees its end. */
static void reap_until(pid_t pid, const struct timespec *end)
{
	const struct timespec pause = { .tv_nsec = 1000000 };

	while (waitpid(pid, NULL, WNOHANG) == 0 && milliseconds_until(end) > 0)
		(void)nanosleep(&pause, NULL);
}

/*
 * Hands a request to a new keeper, which ends with it, and waits for that. It is
 * the user's, who can stop it and trace it: nothing here waits for longer.
 */
static void have_done(const struct stunnel_record *request, const char *prefix,
		      const struct stunnel_user *user)
{
	struct stunnel_keeper keeper = STUNNEL_NO_KEEPER;
	struct timespec end = in_seconds(STUNNEL_END_SECONDS);
	char error[STUNNEL_ERROR_MAX];

	/* What one socket of a keeper took, this one does, though nobody reads it yet. */
	if (stunnel_keeper_start(&keeper, prefix, STUNNEL_CHILD, user, NULL, NULL, error) == 0 &&
	    fcntl(keeper.channel, F_SETFL, O_NONBLOCK) == 0 &&
	    stunnel_keeper_send(&keeper, request, NULL, error) == 0 &&
	    listen_to_the_end(keeper.channel, NULL, &end))
		reap_until(keeper.pid, &end);
	stunnel_keeper_hang_up(&keeper);
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
	bool gone;

	/* Our copy of the keeper's end would hide that the keeper is gone. */
	stunnel_close(&lifeline->keeper);
	if (lifeline->maker != getpid())
		stunnel_close(&lifeline->owner);
	if (lifeline->owner < 0)
		return;
	/* Not close(): a copy held by a process between fork and exec must not matter. */
	(void)shutdown(lifeline->owner, SHUT_WR);
	gone = listen_to_the_end(lifeline->owner, &words, &end);
	stunnel_close(&lifeline->owner);
	if (gone && words.size >= sizeof(wanted) &&
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
