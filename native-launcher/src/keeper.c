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
 *
 * stunnel-keeper --archive says which archive it would give the runtime.
 */
#include "archive.h"
#include "detach.h"
#include "opening.h"
#include "requests.h"
#include "restart.h"
#include "session.h"
#include "standing.h"
#include "supervise.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where the plugin's channel is moved to. */
enum { CHANNEL = 3 };

/* Passes one answer on, and notes what it means for us. */
static void take_answer(struct stunnel_session *session, size_t size)
{
	const char *answer = stunnel_record_get(&session->runtime.answers, "answer");

	if (stunnel_session_take_opening(session, size))
		return;
	if (answer && strcmp(answer, "ready") == 0) {
		stunnel_opening_take_ready(session, size);
	} else if (answer && strcmp(answer, "ok") == 0) {
		stunnel_send_all(&session->plugin.channel, session->runtime.answers.data, size);
		stunnel_record_drop(&session->runtime.answers, size);
		session->phase = STUNNEL_PHASE_IDLE;
		session->deadline = stunnel_now() + STUNNEL_IDLE_MS;
		stunnel_requests_take(session);
	} else if (!answer || (strcmp(answer, "refused") != 0 && strcmp(answer, "failed") != 0)) {
		stunnel_opening_give_up_saying(session, "the Java runtime of ",
					       " gives an answer that means nothing");
	} else {
		struct stunnel_record last = session->runtime.answers;

		session->runtime.answers = (struct stunnel_record){ 0 };
		stunnel_opening_give_up(session, &last);
	}
}

/* Reads what the runtime says. */
static void hear(struct stunnel_session *session)
{
	ssize_t count = stunnel_record_read(&session->runtime.answers, session->runtime.socket);
	size_t size;

	if (count <= 0) {
		stunnel_runtime_close(&session->runtime);
		if (session->phase != STUNNEL_PHASE_ASKING)
			return;
		/* Once a tunnel was begun, a second try could make two. */
		if (stunnel_runtime_distrust_archive(&session->runtime) &&
		    (session->tunnel.traces.size == 0 || session->login != STUNNEL_LOGIN_NONE))
			stunnel_opening_ask(session);
		else
			stunnel_opening_give_up_saying(
				session,
				"the Java runtime ended without an answer\n"
				"  next: give it 30 MB of memory (`--mem`), 800 MB of address space (`ulimit "
				"-v`) and 20 processes (`ulimit -u`); if it has them, `",
				/* The whole path: packages link the command under another name. */
				"/bin/stunnel doctor` says what is wrong");
		return;
	}
	while (session->runtime.socket >= 0 &&
	       (size = stunnel_record_message(&session->runtime.answers)) > 0)
		take_answer(session, size);
}

/* Reaps, and takes the orders to end and to read what was changed. */
static void heed_signals(struct stunnel_session *session, int signals)
{
	struct signalfd_siginfo signal;
	int status;
	pid_t pid;

	while (read(signals, &signal, sizeof(signal)) == (ssize_t)sizeof(signal)) {
		if (signal.ssi_signo == SIGTERM)
			stunnel_session_finish(session);
		if (signal.ssi_signo == SIGUSR1)
			stunnel_standing_revise(session);
	}
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		enum stunnel_restart restart;

		if (stunnel_session_login_reaped(session, pid, status)) {
			stunnel_requests_take(session); /* it has waited for that */
			continue;
		}
		restart = stunnel_restart_reaped(&session->tunnel, pid, status);
		stunnel_runtime_reaped(&session->runtime, pid);
		if (restart == STUNNEL_RESTART_DONE)
			stunnel_standing_is_back(session);
		else if (restart == STUNNEL_RESTART_FAILED)
			stunnel_standing_restart_failed(session, "failed without a word");
	}
	stunnel_standing_watch(session);
}

/* A runtime without work ends when its input does, or soon is made to. */
static void dismiss(struct stunnel_session *session)
{
	stunnel_runtime_close(&session->runtime);
	session->deadline = stunnel_now() + STUNNEL_IDLE_MS;
}

static void deadline_passed(struct stunnel_session *session)
{
	session->deadline = 0;
	if (session->phase == STUNNEL_PHASE_ASKING)
		stunnel_opening_give_up_saying(session, "the Java runtime of ", " does not answer");
	else if (session->phase == STUNNEL_PHASE_RESTARTING)
		stunnel_standing_restart_failed(session, "took too long");
	else if (session->phase == STUNNEL_PHASE_CONTESTED)
		stunnel_session_finish(session);
	else if (session->phase == STUNNEL_PHASE_WAITING)
		stunnel_opening_try_again(session);
	else if (session->login == STUNNEL_LOGIN_RUNS)
		stunnel_session_give_up_login(session);
	else if (session->runtime.socket >= 0)
		dismiss(session);
	else
		stunnel_standing_tend(session);
	/* It may have waited for the login. */
	stunnel_requests_take(session);
}

static _Noreturn void run(struct stunnel_session *session, int signals)
{
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = signals, .events = POLLIN },
			{ .fd = session->plugin.lifeline, .events = POLLIN },
			{ .fd = session->plugin.channel, .events = POLLIN },
			{ .fd = session->runtime.socket, .events = POLLIN },
		};
		long long left = session->deadline ? session->deadline - stunnel_now() : -1;
		int ready;

		if (session->deadline && left <= 0) {
			deadline_passed(session);
			continue;
		}
		ready = poll(fds, sizeof(fds) / sizeof(fds[0]), (int)left);
		if (ready < 0 && errno != EINTR)
			stunnel_session_finish(session);
		if (ready <= 0)
			continue;
		/* One at a time: what one does may close what another is about. */
		if (fds[1].revents)
			stunnel_session_finish(session);
		else if (fds[0].revents)
			heed_signals(session, signals);
		else if (fds[3].revents)
			hear(session);
		else
			stunnel_requests_receive(session);
	}
}

static int find_prefix(struct stunnel_session *session)
{
	ssize_t size = readlink("/proc/self/exe", session->prefix, sizeof(session->prefix) - 1);
	char *slash;

	if (size <= 0)
		return -1;
	session->prefix[size] = '\0';
	/* PREFIX/libexec/stunnel-keeper: two components up. */
	for (int i = 0; i < 2; i++) {
		slash = strrchr(session->prefix, '/');
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

/* Says which archive the runtime would be given, whether there is one or not. */
static int name_archive(struct stunnel_session *session)
{
	char path[PATH_MAX];

	if (find_prefix(session) != 0 ||
	    stunnel_archive_path(path, sizeof(path), session->prefix) != 0) {
		(void)fputs("stunnel-keeper: libexec/java leads to no JVM, or lib/java is missing\n",
			    stderr);
		return 1;
	}
	return puts(path) < 0;
}

int main(int argc, char *argv[])
{
	static struct stunnel_session session = STUNNEL_NEW_SESSION(CHANNEL);
	long channel = argc == 3 ? number(argv[1]) : -1;
	long parent = argc == 3 ? number(argv[2]) : -1;
	int signals;

	if (argc == 2 && strcmp(argv[1], "--archive") == 0)
		return name_archive(&session);
	if (channel < CHANNEL || channel > INT_MAX || parent < 0) {
		(void)fputs("stunnel-keeper is started by slurm-spank-stunnel.so, not by hand\n", stderr);
		return 2;
	}
	if (find_prefix(&session) != 0 ||
	    (signals = stunnel_detach((int)channel, CHANNEL, (pid_t)parent)) < 0)
		return 1;
	stunnel_bound_sending(session.plugin.channel);
	run(&session, signals);
}
