/* SPDX-License-Identifier: Apache-2.0 */
#include "launch.h"

#include "descriptors.h"
#include "detach.h"
#include "interrupt.h"
#include "lifeline.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* The number under which the keeper gets its channel. */
enum { CHANNEL = 3 };

static int fail(char error[static STUNNEL_ERROR_MAX], const char *what, const char *subject,
		int number)
{
	(void)snprintf(error, STUNNEL_ERROR_MAX, "%s %s: %s", what, subject, strerror(number));
	return -1;
}

int stunnel_launch_prefix(char *prefix, size_t size, char error[static STUNNEL_ERROR_MAX])
{
	static const char keeper[] = "/libexec/stunnel-keeper";
	char library[PATH_MAX];
	char program[PATH_MAX + sizeof(keeper)];
	Dl_info info;
	char *slash;

	if (!dladdr(keeper, &info) || !info.dli_fname)
		return fail(error, "cannot find", "the path of the plugin", ENOENT);
	if (!realpath(info.dli_fname, library))
		return fail(error, "cannot resolve", info.dli_fname, errno);
	/* PREFIX/lib/slurm-spank-stunnel.so: two components up. */
	for (int i = 0; i < 2; i++) {
		slash = strrchr(library, '/');
		if (slash)
			*slash = '\0';
	}
	(void)snprintf(program, sizeof(program), "%s%s", library, keeper);
	if (access(program, X_OK) != 0) {
		(void)snprintf(error, STUNNEL_ERROR_MAX,
			       "cannot run %s: %s (the plugin looks for the rest of its "
			       "installation beside its own path; link it, do not copy it)",
			       program, strerror(errno));
		return -1;
	}
	if (snprintf(prefix, size, "%s", library) >= (int)size)
		return fail(error, "cannot use", library, ENAMETOOLONG);
	return 0;
}

/* Gives up every right but the user's, in an order that leaves no way back. */
static int become(const struct stunnel_user *user)
{
	uid_t real, effective, saved;

	if (!user)
		return 0;
	if (setgroups(1, &user->gid) != 0 || setresgid(user->gid, user->gid, user->gid) != 0 ||
	    setresuid(user->uid, user->uid, user->uid) != 0 ||
	    getresuid(&real, &effective, &saved) != 0)
		return -1;
	return real == user->uid && effective == user->uid && saved == user->uid ? 0 : -1;
}

/* Leaves word of why there is no keeper, for stunnel_keeper_receive() to find. */
static void tell_errno(int channel, int number)
{
	char message[] = "errno=000\0";

	for (int i = 8; i > 5; i--, number /= 10)
		message[i] = (char)('0' + number % 10);
	(void)!write(channel, message, sizeof(message));
}

/*
 * Runs in the child: nothing here may take a lock or allocate. What Slurm has
 * open, as root in slurmstepd, must not be found in a process of the user, who
 * may look into it from the exec on.
 */
static _Noreturn void become_keeper(const struct stunnel_user *user, int channel,
				    char *const argv[], char *const env[])
{
	if ((channel == CHANNEL ? fcntl(channel, F_SETFD, 0) : dup2(channel, CHANNEL)) >= 0) {
		channel = CHANNEL;
		if (stunnel_close_from(CHANNEL + 1) == 0 && become(user) == 0)
			(void)execve(argv[0], argv, env);
	}
	tell_errno(channel, errno);
	_exit(127);
}

/* Forks; no handler of Slurm's ever runs in the child, which gets all signals blocked. */
static pid_t fork_quietly(void)
{
	sigset_t all, before;
	pid_t pid;
	int number;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	pid = fork();
	number = errno;
	if (pid != 0)
		(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = number;
	return pid;
}

int stunnel_keeper_start(struct stunnel_keeper *keeper, const char *prefix,
			 enum stunnel_parentage parentage, const struct stunnel_user *user,
			 stunnel_lookup *lookup, void *where,
			 char error[static STUNNEL_ERROR_MAX])
{
	static const char *const kept[] = STUNNEL_KEPT_VARIABLES;
	enum { KEPT = sizeof(kept) / sizeof(kept[0]) };
	char program[PATH_MAX + 32], channel[16], parent[24];
	char *argv[] = { program, channel, parent, NULL };
	char *env[KEPT + 1] = { NULL };
	size_t count = 0;
	int pair[2];
	int number;
	pid_t pid;

	(void)snprintf(program, sizeof(program), "%s/libexec/stunnel-keeper", prefix);
	if (stunnel_trust_keeper(prefix, error) != 0)
		return -1;
	if (stunnel_socket_pair(SOCK_STREAM, pair) != 0)
		return fail(error, "cannot make", "a socket pair", errno);
	(void)snprintf(channel, sizeof(channel), "%d", CHANNEL);
	(void)snprintf(parent, sizeof(parent), "%ld",
		       parentage == STUNNEL_CHILD ? (long)getpid() : 0L);
	for (size_t i = 0; lookup && i < KEPT; i++) {
		char *value = lookup(where, kept[i]);

		if (value && asprintf(&env[count], "%s=%s", kept[i], value) > 0)
			count++;
		free(value);
	}
	env[count] = NULL;

	pid = fork_quietly();
	if (pid == 0)
		become_keeper(user, pair[1], argv, env);
	number = errno;
	while (count > 0)
		free(env[--count]);
	stunnel_close(&pair[1]);
	if (pid < 0) {
		stunnel_close(&pair[0]);
		return fail(error, "cannot start", program, number);
	}
	*keeper = (struct stunnel_keeper){ .pid = pid, .channel = pair[0] };
	if (parentage == STUNNEL_ORPHAN)
		stunnel_keeper_reap(keeper);
	return 0;
}

/* True, with the reason in `error`, when the message says why there is no keeper. */
static bool tells_failure(const struct stunnel_record *message,
			  char error[static STUNNEL_ERROR_MAX])
{
	const char *reason = stunnel_record_get(message, "reason");
	const char *number = stunnel_record_get(message, "errno");

	if (reason)
		(void)snprintf(error, STUNNEL_ERROR_MAX, "%s", reason);
	else if (number)
		(void)fail(error, "cannot start", "the keeper", (int)strtol(number, NULL, 10));
	return reason || number;
}

int stunnel_keeper_send(const struct stunnel_keeper *keeper, const struct stunnel_record *request,
			struct stunnel_lifeline *lifeline, char error[static STUNNEL_ERROR_MAX])
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(2 * sizeof(int))];
	} control = { 0 };
	struct iovec bytes = { .iov_base = request->data, .iov_len = request->size };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1 };
	ssize_t sent;

	if (request->failed)
		return fail(error, "cannot send", "the request to the keeper", ENOMEM);
	if (lifeline) {
		const int fds[] = { lifeline->keeper, lifeline->voice };
		const size_t size = lifeline->voice < 0 ? sizeof(int) : sizeof(fds);

		message.msg_control = control.space;
		message.msg_controllen = CMSG_SPACE(size);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(size);
		memcpy(CMSG_DATA(&control.header), fds, size);
	}
	while (bytes.iov_len > 0) {
		sent = sendmsg(keeper->channel, &message, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0) {
			bool gone = errno == EPIPE;

			(void)fail(error, "cannot send", "the request to the keeper", errno);
			return gone ? 1 : -1;
		}
		bytes.iov_base = (char *)bytes.iov_base + sent;
		bytes.iov_len -= (size_t)sent;
		message.msg_control = NULL;
		message.msg_controllen = 0;
	}
	if (lifeline)
		stunnel_close(&lifeline->keeper);
	return 0;
}

int stunnel_keeper_receive(const struct stunnel_keeper *keeper, struct stunnel_record *answer,
			   char error[static STUNNEL_ERROR_MAX])
{
	ssize_t count;

	while (stunnel_record_message(answer) == 0) {
		count = stunnel_interrupt_wait(keeper->channel);
		if (count == 0)
			count = stunnel_record_read(answer, keeper->channel);
		if (count < 0)
			return fail(error, "cannot read", "the keeper's answer", errno);
		if (count == 0)
			return fail(error, "cannot read", "the keeper's answer", ECONNRESET);
	}
	return tells_failure(answer, error) ? -1 : 0;
}

void stunnel_keeper_hang_up(struct stunnel_keeper *keeper)
{
	stunnel_close(&keeper->channel);
}

void stunnel_keeper_reap(struct stunnel_keeper *keeper)
{
	if (keeper->pid > 0) {
		while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	keeper->pid = -1;
}
