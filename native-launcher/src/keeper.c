/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stunnel-keeper CHANNEL PARENT
 *
 * Stands between the Slurm process that owns a tunnel and the programs that
 * make it. It starts the runtime, hands requests and answers through, and
 * outlives the runtime: the ssh master is its child from then on. The end of
 * the lifeline, however it comes, makes it stop the tunnel, see that nothing
 * is left, and end.
 *
 * CHANNEL is the number of the descriptor to the launcher; PARENT is the pid
 * whose death ends us, 0 to leave the parent.
 */
#include "detach.h"
#include "lock.h"
#include "record.h"
#include "runtime.h"
#include "supervise.h"
#include "trust.h"
#include "tunnel.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A keeper built for the tests is in a hurry. */
#ifndef STUNNEL_HASTE
#define STUNNEL_HASTE 1
#endif

enum {
	CHANNEL = 3,			   /* where the launcher's channel is moved to */
	IDLE_MS = 5000 / STUNNEL_HASTE,	   /* a runtime without work may stay this long */
	ANSWER_MS = 90000 / STUNNEL_HASTE, /* no answer by then: the runtime hangs */
	RESTART_MS = 20000 / STUNNEL_HASTE, /* no ssh by then: this attempt is over */
	LOCK_MS = 250,		/* how often a waiting step asks for the lock */
	RETRY_FIRST_MS = 250,	/* first attempt after a loss: within a second */
	RETRY_LAST_MS = 30000,	/* the longest pause between two attempts */
};

enum phase {
	PHASE_IDLE,	/* no request is under way */
	PHASE_ASKING,	/* the runtime owes an answer */
	PHASE_UP,	/* the master runs, the runtime does not */
	PHASE_WAITING,	/* for the lock, or for the next attempt */
	PHASE_RESTARTING /* a command of the tunnel runs again */
};

struct keeper {
	enum phase phase;
	int channel;
	int lifeline;
	int signals;
	struct stunnel_runtime runtime;
	long long deadline;		/* of this phase, 0: none */
	long long pause;		/* before the next attempt */
	struct stunnel_record requests;	/* from the launcher */
	struct stunnel_record request;	/* the one under way, or the last one */
	struct stunnel_tunnel tunnel;
	struct stunnel_lock lock;
	char prefix[PATH_MAX];
};

/* The launcher has its answer, or is gone. */
static void hang_up(struct keeper *keeper)
{
	if (keeper->channel >= 0)
		(void)close(keeper->channel);
	keeper->channel = -1;
}

/* Takes a message of the runtime that tells what to stop and remove. False: it is none. */
static bool take_opening(struct keeper *keeper, size_t size)
{
	const char *answer = stunnel_record_get(&keeper->runtime.answers, "answer");

	if (!answer || strcmp(answer, "opening") != 0)
		return false;
	stunnel_tunnel_keep(&keeper->tunnel.traces, &keeper->runtime.answers, size);
	stunnel_record_drop(&keeper->runtime.answers, size);
	return true;
}

/* Stops the tunnel and whatever else runs below us. */
static void stop(struct keeper *keeper)
{
	size_t size;

	/* It may have begun to open a tunnel, and we have not heard of it yet. */
	stunnel_runtime_kill(&keeper->runtime);
	while ((size = stunnel_record_message(&keeper->runtime.answers)) > 0) {
		if (!take_opening(keeper, size))
			stunnel_record_drop(&keeper->runtime.answers, size);
	}
	stunnel_runtime_close(&keeper->runtime);
	stunnel_tunnel_stop(&keeper->tunnel);
}

/*
 * Tells the owner what to do for us should we be killed: to send this very
 * request to another keeper. `what`: sweep, or clean for nothing to do. The
 * owner reads it only then, so a full socket loses nothing but an old copy.
 */
static void tell_owner(struct keeper *keeper, const char *what)
{
	struct stunnel_record request = { 0 };
	const char *job = stunnel_record_get(&keeper->request, "lock");
	const char *directory = stunnel_record_get(&keeper->tunnel.traces, "dir");

	stunnel_record_add(&request, "request", what);
	if (job && keeper->lock.fd >= 0)
		stunnel_record_add(&request, "lock", job);
	if (directory)
		stunnel_record_add(&request, "dir", directory);
	for (const char *word = NULL;
	     (word = stunnel_record_next(&keeper->tunnel.traces, "stop", word));)
		stunnel_record_add(&request, "stop", word);
	stunnel_record_end(&request);
	if (keeper->lifeline >= 0 && !request.failed)
		(void)send(keeper->lifeline, request.data, request.size,
			   MSG_NOSIGNAL | MSG_DONTWAIT);
	stunnel_record_free(&request);
}

static _Noreturn void finish(struct keeper *keeper)
{
	stop(keeper);
	stunnel_tunnel_forget(&keeper->tunnel);
	stunnel_lock_release(&keeper->lock);
	tell_owner(keeper, "clean");
	/* The exit closes channel and lifeline: the owner sees that all is gone. */
	_exit(0);
}

/* The next attempt comes after a pause that doubles each time. */
static void try_again_later(struct keeper *keeper)
{
	keeper->phase = PHASE_WAITING;
	keeper->deadline = stunnel_now() + keeper->pause;
	keeper->pause = keeper->pause * 2 < RETRY_LAST_MS ? keeper->pause * 2 : RETRY_LAST_MS;
}

/*
 * The request came to nothing, and `answer` says why. A first one ends us once
 * nothing of it is left; one that nobody waits for any more is tried again.
 */
static void give_up(struct keeper *keeper, struct stunnel_record *answer)
{
	stop(keeper);
	stunnel_tunnel_forget(&keeper->tunnel);
	if (keeper->channel < 0 && keeper->lifeline >= 0) {
		try_again_later(keeper);
	} else {
		stunnel_send_all(&keeper->channel, answer->data, answer->size);
		finish(keeper);
	}
	stunnel_record_free(answer);
}

/* The same for a reason that only we know. */
static void give_up_saying(struct keeper *keeper, const char *what, const char *why)
{
	struct stunnel_record answer = { 0 };
	char text[PATH_MAX + STUNNEL_OBJECTION_MAX];

	(void)snprintf(text, sizeof(text), "error: %s%s%s\n", what, keeper->prefix, why);
	stunnel_record_add(&answer, "answer", "failed");
	stunnel_record_add(&answer, "text", text);
	stunnel_record_end(&answer);
	give_up(keeper, &answer);
}

/* Hands the saved request to the runtime, which is started if none runs. */
static void ask(struct keeper *keeper)
{
	char why[2 + STUNNEL_OBJECTION_MAX] = ": ";

	if (keeper->runtime.socket < 0 && stunnel_trust_runtime(keeper->prefix, why + 2) != 0) {
		give_up_saying(keeper, "no tunnel is opened with ", why);
		return;
	}
	if (keeper->runtime.socket < 0 &&
	    stunnel_runtime_start(&keeper->runtime, keeper->prefix) != 0) {
		give_up_saying(keeper, "the tunnel needs the Java runtime under ",
			       "/libexec/java and lib/java, and cannot start it\n"
			       "  next: ask the administrator whether this host has the Java that "
			       "libexec/java links to");
		return;
	}
	keeper->phase = PHASE_ASKING;
	keeper->deadline = stunnel_now() + ANSWER_MS;
	stunnel_send_all(&keeper->runtime.socket, keeper->request.data, keeper->request.size);
	if (keeper->runtime.socket < 0)
		give_up_saying(keeper, "the Java runtime of ", " takes no request");
}

/* Opens the tunnel, where the request names a lock once that is ours. */
static void open_when_free(struct keeper *keeper)
{
	static const char shared[] = "answer=shared\0";
	const char *job = stunnel_record_get(&keeper->request, "lock");

	if (!job || keeper->lock.fd >= 0 || stunnel_lock_try(&keeper->lock, job) == 0) {
		tell_owner(keeper, "sweep");
		ask(keeper);
		return;
	}
	if (errno != EWOULDBLOCK) {
		give_up_saying(keeper, "cannot lock this job's tunnel in /tmp (installation ", ")");
		return;
	}
	stunnel_send_all(&keeper->channel, shared, sizeof(shared));
	hang_up(keeper);
	keeper->phase = PHASE_WAITING;
	keeper->deadline = stunnel_now() + LOCK_MS;
}

/* Does what a keeper that was killed left undone. */
static _Noreturn void sweep(struct keeper *keeper)
{
	const char *job = stunnel_record_get(&keeper->request, "lock");

	stunnel_tunnel_keep(&keeper->tunnel.traces, &keeper->request, keeper->request.size);
	/* Another step that took the tunnel over has the lock, and keeps it. */
	if (job)
		(void)stunnel_lock_try(&keeper->lock, job);
	finish(keeper);
}

/* Starts on the next request, if a whole one is there and none is under way. */
static void take_request(struct keeper *keeper)
{
	size_t size = stunnel_record_message(&keeper->requests);
	const char *what;

	if (size == 0 || keeper->phase != PHASE_IDLE)
		return;
	stunnel_record_free(&keeper->request);
	stunnel_record_append(&keeper->request, keeper->requests.data, size);
	stunnel_record_drop(&keeper->requests, size);
	if (keeper->request.failed)
		finish(keeper);
	what = stunnel_record_get(&keeper->request, "request");
	if (what && strcmp(what, "sweep") == 0)
		sweep(keeper);
	open_when_free(keeper);
}

/* Reads what the launcher sent, and the lifeline that may come with it. */
static void receive(struct keeper *keeper)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	char bytes[16384];
	struct iovec buffer = { .iov_base = bytes, .iov_len = sizeof(bytes) };
	struct msghdr message = { .msg_iov = &buffer,
				  .msg_iovlen = 1,
				  .msg_control = control.space,
				  .msg_controllen = sizeof(control.space) };
	struct cmsghdr *header;
	ssize_t count = recvmsg(keeper->channel, &message, MSG_CMSG_CLOEXEC);

	if (count < 0 && errno == EINTR)
		return;
	if (count <= 0) {
		/* The launcher is gone. Only a lifeline gives us a reason to stay. */
		if (keeper->lifeline < 0)
			finish(keeper);
		hang_up(keeper);
		return;
	}
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
	    header->cmsg_len == CMSG_LEN(sizeof(int)) && keeper->lifeline < 0)
		memcpy(&keeper->lifeline, CMSG_DATA(header), sizeof(int));
	stunnel_record_append(&keeper->requests, bytes, (size_t)count);
	if (keeper->requests.failed)
		finish(keeper);
	take_request(keeper);
}

/* The tunnel is gone though nobody asked for that. */
static void lose_tunnel(struct keeper *keeper)
{
	stop(keeper);
	try_again_later(keeper);
}

static void tunnel_is_up(struct keeper *keeper)
{
	keeper->phase = PHASE_UP;
	keeper->deadline = stunnel_now() + IDLE_MS; /* for the runtime to be gone */
	keeper->pause = RETRY_FIRST_MS;
}

/* Looks whether the tunnel is still what it was. */
static void watch(struct keeper *keeper)
{
	if (keeper->phase == PHASE_UP && stunnel_tunnel_is_lost(&keeper->tunnel))
		lose_tunnel(keeper);
}

/* Runs the known commands again; only a tunnel that never was needs the runtime. */
static void try_again(struct keeper *keeper)
{
	if (!stunnel_tunnel_can_restart(&keeper->tunnel)) {
		stunnel_tunnel_forget(&keeper->tunnel);
		open_when_free(keeper);
		return;
	}
	keeper->phase = PHASE_RESTARTING;
	keeper->deadline = stunnel_now() + RESTART_MS;
	if (stunnel_tunnel_restart(&keeper->tunnel) != 0)
		lose_tunnel(keeper);
}

/* Passes one answer on, and notes what it means for us. */
static void take_answer(struct keeper *keeper, size_t size)
{
	const char *answer = stunnel_record_get(&keeper->runtime.answers, "answer");

	if (take_opening(keeper, size)) {
		tell_owner(keeper, "sweep");
	} else if (answer && strcmp(answer, "ready") == 0) {
		stunnel_send_all(&keeper->channel, keeper->runtime.answers.data, size);
		stunnel_tunnel_keep(&keeper->tunnel.commands, &keeper->runtime.answers, size);
		stunnel_runtime_close(&keeper->runtime);
		hang_up(keeper);
		tunnel_is_up(keeper);
		/* The end of the master may have been reported before this answer. */
		watch(keeper);
	} else if (answer && strcmp(answer, "ok") == 0) {
		stunnel_send_all(&keeper->channel, keeper->runtime.answers.data, size);
		stunnel_record_drop(&keeper->runtime.answers, size);
		keeper->phase = PHASE_IDLE;
		keeper->deadline = stunnel_now() + IDLE_MS;
		take_request(keeper);
	} else if (!answer || (strcmp(answer, "refused") != 0 && strcmp(answer, "failed") != 0)) {
		give_up_saying(keeper, "the Java runtime of ",
			       " gives an answer that means nothing");
	} else {
		struct stunnel_record last = keeper->runtime.answers;

		keeper->runtime.answers = (struct stunnel_record){ 0 };
		give_up(keeper, &last);
	}
}

/* Reads what the runtime says. */
static void hear(struct keeper *keeper)
{
	ssize_t count = stunnel_record_read(&keeper->runtime.answers, keeper->runtime.socket);
	size_t size;

	if (count <= 0) {
		stunnel_runtime_close(&keeper->runtime);
		if (keeper->phase == PHASE_ASKING)
			give_up_saying(keeper, "the Java runtime of ",
				       " ended without an answer; `stunnel plan` shows why");
		return;
	}
	while (keeper->runtime.socket >= 0 &&
	       (size = stunnel_record_message(&keeper->runtime.answers)) > 0)
		take_answer(keeper, size);
}

/* Reaps, and takes the order to end. */
static void heed_signals(struct keeper *keeper)
{
	struct signalfd_siginfo signal;
	int status;
	pid_t pid;

	while (read(keeper->signals, &signal, sizeof(signal)) == (ssize_t)sizeof(signal)) {
		if (signal.ssi_signo == SIGTERM)
			finish(keeper);
	}
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		enum stunnel_restart restart = stunnel_tunnel_reaped(&keeper->tunnel, pid, status);

		stunnel_runtime_reaped(&keeper->runtime, pid);
		if (restart == STUNNEL_RESTART_DONE)
			tunnel_is_up(keeper);
		else if (restart == STUNNEL_RESTART_FAILED)
			lose_tunnel(keeper);
	}
	watch(keeper);
}

/* A runtime without work ends when its input does, or soon is made to. */
static void dismiss(struct keeper *keeper)
{
	stunnel_runtime_close(&keeper->runtime);
	keeper->deadline = stunnel_now() + IDLE_MS;
}

static void deadline_passed(struct keeper *keeper)
{
	keeper->deadline = 0;
	if (keeper->phase == PHASE_ASKING)
		give_up_saying(keeper, "the Java runtime of ", " does not answer");
	else if (keeper->phase == PHASE_RESTARTING)
		lose_tunnel(keeper);
	else if (keeper->phase == PHASE_WAITING)
		try_again(keeper);
	else if (keeper->runtime.socket < 0)
		stunnel_runtime_kill(&keeper->runtime);
	else
		dismiss(keeper);
}

static _Noreturn void run(struct keeper *keeper)
{
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = keeper->signals, .events = POLLIN },
			{ .fd = keeper->lifeline, .events = POLLIN },
			{ .fd = keeper->channel, .events = POLLIN },
			{ .fd = keeper->runtime.socket, .events = POLLIN },
		};
		long long left = keeper->deadline ? keeper->deadline - stunnel_now() : -1;
		int ready;

		if (keeper->deadline && left <= 0) {
			deadline_passed(keeper);
			continue;
		}
		ready = poll(fds, sizeof(fds) / sizeof(fds[0]), (int)left);
		if (ready < 0 && errno != EINTR)
			finish(keeper);
		if (ready <= 0)
			continue;
		/* One at a time: what one does may close what another is about. */
		if (fds[1].revents)
			finish(keeper);
		else if (fds[0].revents)
			heed_signals(keeper);
		else if (fds[3].revents)
			hear(keeper);
		else
			receive(keeper);
	}
}

static int find_prefix(struct keeper *keeper)
{
	ssize_t size = readlink("/proc/self/exe", keeper->prefix, sizeof(keeper->prefix) - 1);
	char *slash;

	if (size <= 0)
		return -1;
	keeper->prefix[size] = '\0';
	/* PREFIX/libexec/stunnel-keeper: two components up. */
	for (int i = 0; i < 2; i++) {
		slash = strrchr(keeper->prefix, '/');
		if (!slash)
			return -1;
		*slash = '\0';
	}
	return 0;
}

/* Reads a whole decimal number. Returns it, or -1. */
static long number(const char *text)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	return errno == 0 && end != text && *end == '\0' && value >= 0 ? value : -1;
}

int main(int argc, char *argv[])
{
	static struct keeper keeper = { .phase = PHASE_IDLE,
					.channel = CHANNEL,
					.lifeline = -1,
					.runtime = STUNNEL_NO_RUNTIME,
					.pause = RETRY_FIRST_MS,
					.lock = { .fd = -1 } };
	long channel = argc == 3 ? number(argv[1]) : -1;
	long parent = argc == 3 ? number(argv[2]) : -1;

	if (channel < CHANNEL || channel > INT_MAX || parent < 0) {
		(void)fputs("stunnel-keeper is started by slurm-spank-stunnel.so, not by hand\n", stderr);
		return 2;
	}
	if (find_prefix(&keeper) != 0 ||
	    (keeper.signals = stunnel_detach((int)channel, CHANNEL, (pid_t)parent)) < 0)
		return 1;
	stunnel_bound_sending(keeper.channel);
	run(&keeper);
}
