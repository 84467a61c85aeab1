/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include "login.h"
#include "revision.h"
#include "stale.h"
#include "supervise.h"
#include "trust.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum {
	ANSWER_MS = 90000 / STUNNEL_HASTE, /* no answer by then: the runtime hangs */
	RESTART_MS = 20000 / STUNNEL_HASTE, /* no ssh by then: this attempt is over */
	WORD_MS = 10000 / STUNNEL_HASTE, /* for the plugin to say whether to persist */
	LOCK_MS = 250,	       /* how often a waiting step asks for the lock */
	RETRY_LAST_MS = 30000, /* the longest pause between two attempts */
	STEADY_MS = 1000,      /* up for less: that attempt came to nothing */
};

void stunnel_session_bequeath(struct stunnel_session *session, const char *what)
{
	struct stunnel_record request = { 0 };
	const char *job = stunnel_record_get(&session->request, "lock");

	stunnel_record_add(&request, "request", what);
	if (job && session->lock.fd >= 0)
		stunnel_record_add(&request, "lock", job);
	if (session->facts[0])
		stunnel_record_add(&request, "audit", session->facts);
	stunnel_tunnel_bequeath(&session->tunnel, &request);
	stunnel_record_end(&request);
	stunnel_conversation_bequeath(&session->plugin, &request);
	stunnel_record_free(&request);
}

/* Whether the runtime takes the login over that was made in this directory. */
static bool is_login(const struct stunnel_session *session, const char *directory)
{
	const char *made = stunnel_record_get(&session->tunnel.traces, "dir");

	return made && directory && strcmp(made, directory) == 0;
}

bool stunnel_session_take_opening(struct stunnel_session *session, size_t size)
{
	const char *answer = stunnel_record_get(&session->runtime.answers, "answer");

	if (!answer || strcmp(answer, "opening") != 0)
		return false;
	if (!is_login(session, stunnel_record_get(&session->runtime.answers, "dir")))
		stunnel_login_discard(session);
	session->login = STUNNEL_LOGIN_NONE;
	stunnel_tunnel_keep(&session->tunnel.traces, &session->runtime.answers, size);
	stunnel_record_drop(&session->runtime.answers, size);
	stunnel_session_bequeath(session, "sweep");
	return true;
}

/* Stops the tunnel and whatever else runs below us. */
static void stop(struct stunnel_session *session)
{
	size_t size;

	/* It may have begun to open a tunnel, and we have not heard of it yet. */
	stunnel_runtime_kill(&session->runtime);
	while ((size = stunnel_record_message(&session->runtime.answers)) > 0) {
		if (!stunnel_session_take_opening(session, size))
			stunnel_record_drop(&session->runtime.answers, size);
	}
	stunnel_runtime_close(&session->runtime);
	stunnel_tunnel_stop(&session->tunnel);
	session->login = STUNNEL_LOGIN_NONE;
}

_Noreturn void stunnel_session_finish(struct stunnel_session *session)
{
	stop(session);
	stunnel_audit("closed", session->facts, &session->tunnel.commands, NULL);
	stunnel_tunnel_forget(&session->tunnel);
	stunnel_lock_release(&session->lock);
	stunnel_session_bequeath(session, "clean");
	/* The exit closes channel and lifeline: the owner sees that all is gone. */
	_exit(0);
}

/* The pause doubles each time, and is hardly ever the same for two of us. */
void stunnel_session_try_again_later(struct stunnel_session *session)
{
	unsigned int random;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != (ssize_t)sizeof(random))
		random = (unsigned int)getpid();
	session->phase = STUNNEL_PHASE_WAITING;
	session->deadline = stunnel_now() + session->pause / 4 + random % (session->pause * 3 / 4);
	session->pause = session->pause * 2 < RETRY_LAST_MS ? session->pause * 2 : RETRY_LAST_MS;
}

/* Whether somebody still waits for our answer. */
static bool is_awaited(const struct stunnel_session *session)
{
	return !session->plugin.answered && session->plugin.channel >= 0;
}

void stunnel_session_give_up(struct stunnel_session *session, struct stunnel_record *answer)
{
	bool contested = stunnel_record_get(answer, "contested") &&
			 stunnel_record_get(&session->request, "lock");

	stop(session);
	stunnel_tunnel_forget(&session->tunnel);
	if (!is_awaited(session) && session->plugin.lifeline >= 0) {
		stunnel_session_try_again_later(session);
	} else {
		stunnel_audit("failed", stunnel_record_get(answer, "audit"), answer,
			      stunnel_record_get(answer, "text"));
		stunnel_send_all(&session->plugin.channel, answer->data, answer->size);
		if (!contested || session->plugin.channel < 0)
			stunnel_session_finish(session);
		session->phase = STUNNEL_PHASE_CONTESTED;
		session->deadline = stunnel_now() + WORD_MS;
	}
	stunnel_record_free(answer);
}

void stunnel_session_give_up_saying(struct stunnel_session *session, const char *what,
				    const char *why)
{
	struct stunnel_record answer = { 0 };
	char text[PATH_MAX + STUNNEL_OBJECTION_MAX];

	(void)snprintf(text, sizeof(text), "error: %s%s%s\n", what, session->prefix, why);
	stunnel_record_add(&answer, "answer", "failed");
	stunnel_record_add(&answer, "text", text);
	stunnel_record_end(&answer);
	stunnel_session_give_up(session, &answer);
}

void stunnel_session_ask(struct stunnel_session *session)
{
	char why[2 + STUNNEL_OBJECTION_MAX] = ": ";
	struct stunnel_record request = { 0 };

	if (session->runtime.socket < 0 && stunnel_trust_runtime(session->prefix, why + 2) != 0) {
		stunnel_session_give_up_saying(session, "no tunnel is opened with ", why);
		return;
	}
	if (session->runtime.socket < 0 &&
	    stunnel_runtime_start(&session->runtime, session->prefix) != 0) {
		stunnel_session_give_up_saying(
			session, "the tunnel needs the Java runtime under ",
			"/libexec/java and lib/java, and cannot start it\n"
			"  next: ask the administrator whether this host has the Java that "
			"libexec/java links to");
		return;
	}
	session->phase = STUNNEL_PHASE_ASKING;
	session->deadline = stunnel_now() + ANSWER_MS;
	/* Without the empty field that ends it. */
	stunnel_record_append(&request, session->request.data, session->request.size - 1);
	stunnel_login_tell(session, &request);
	stunnel_record_end(&request);
	stunnel_send_all(&session->runtime.socket, request.data, request.size);
	stunnel_record_free(&request);
	if (session->runtime.socket < 0)
		stunnel_session_give_up_saying(session, "the Java runtime of ", " takes no request");
}

void stunnel_session_open(struct stunnel_session *session)
{
	static const char shared[] = "answer=shared\0";
	const char *job = stunnel_record_get(&session->request, "lock");

	if (!job || session->lock.fd >= 0 || stunnel_lock_try(&session->lock, job) == 0) {
		stunnel_session_bequeath(session, "sweep");
		stunnel_session_ask(session);
		return;
	}
	if (errno != EWOULDBLOCK) {
		stunnel_session_give_up_saying(
			session, "cannot lock this job's tunnel in /tmp (installation ", ")");
		return;
	}
	if (is_awaited(session))
		stunnel_send_all(&session->plugin.channel, shared, sizeof(shared));
	session->plugin.answered = true;
	session->phase = STUNNEL_PHASE_WAITING;
	session->deadline = stunnel_now() + LOCK_MS;
}

/* What the log is told of the tunnel from now on. */
static void learn_facts(struct stunnel_session *session, const struct stunnel_record *message)
{
	const char *facts = stunnel_record_get(message, "audit");

	(void)snprintf(session->facts, sizeof(session->facts), "%s", facts ? facts : "");
}

_Noreturn void stunnel_session_sweep(struct stunnel_session *session)
{
	const char *job = stunnel_record_get(&session->request, "lock");
	const char *what = stunnel_record_get(&session->request, "request");

	if (what && strcmp(what, "clear") == 0)
		stunnel_tunnel_keep_names(&session->tunnel.traces, &session->request);
	else
		stunnel_tunnel_keep(&session->tunnel.traces, &session->request,
				    session->request.size);
	learn_facts(session, &session->request);
	/* Another step that took the tunnel over has the lock, and keeps it. */
	if (job)
		(void)stunnel_lock_try(&session->lock, job);
	stunnel_session_finish(session);
}

/* Leaves word for `stunnel list`: what the tunnel is, and all that made it so. */
static void publish(struct stunnel_session *session, const char *what)
{
	struct stunnel_record state = { 0 };

	stunnel_record_add(&state, "state", what);
	stunnel_record_add_number(&state, "since",
				  (unsigned long)(time(NULL) - (stunnel_now() - session->since) / 1000));
	stunnel_record_add_number(&state, "reconnects", session->reconnects);
	stunnel_record_add_number(&state, "keeper", (unsigned long)getpid());
	/* Without the empty field that ends it. */
	stunnel_record_append(&state, session->request.data, session->request.size - 1);
	stunnel_record_append(&state, session->tunnel.commands.data, session->tunnel.commands.size);
	stunnel_tunnel_publish(&session->tunnel, &state);
	stunnel_record_free(&state);
}

/* Tells the user that the tunnel is `what`, with what is known about that. */
static void tell_user(struct stunnel_session *session, const char *what, const char *words,
		      const char *detail)
{
	const char *routes = stunnel_record_get(&session->tunnel.commands, "routes");
	char line[1024];

	(void)snprintf(line, sizeof(line), "tunnel %s: %.600s%s", words, routes ? routes : "", detail);
	stunnel_conversation_tell(&session->plugin, what, line);
}

/* The tunnel was up, and is gone though nobody asked for that. */
static void lose_tunnel(struct stunnel_session *session)
{
	char reason[STUNNEL_REASON_MAX];
	char detail[STUNNEL_REASON_MAX + 64];

	stunnel_tunnel_reason(&session->tunnel, reason);
	(void)snprintf(detail, sizeof(detail), " (ssh: %s); connecting again",
		       reason[0] ? reason : "ended");
	tell_user(session, "down", "down", detail);
	if (stunnel_now() - session->since >= STEADY_MS)
		session->pause = STUNNEL_RETRY_FIRST_MS;
	session->since = stunnel_now();
	/* From here on as after an attempt that came to nothing. */
	stunnel_session_restart_failed(session);
}

void stunnel_session_restart_failed(struct stunnel_session *session)
{
	stop(session);
	publish(session, "reconnecting");
	stunnel_session_try_again_later(session);
}

static void tunnel_is_up(struct stunnel_session *session)
{
	session->phase = STUNNEL_PHASE_UP;
	session->deadline = stunnel_now() + STUNNEL_IDLE_MS; /* for the runtime to be gone */
	session->since = stunnel_now();
	stunnel_tunnel_mark_log(&session->tunnel);
	publish(session, "up");
}

void stunnel_session_revise(struct stunnel_session *session)
{
	if (session->phase != STUNNEL_PHASE_UP || !stunnel_revision_take(&session->tunnel))
		return;
	stunnel_session_bequeath(session, "sweep");
	stunnel_audit("changed", session->facts, &session->tunnel.commands, NULL);
	publish(session, "up");
}

void stunnel_session_is_back(struct stunnel_session *session)
{
	char detail[64];

	(void)snprintf(detail, sizeof(detail), " (after %lld s)",
		       (stunnel_now() - session->since + 500) / 1000);
	session->reconnects++;
	stunnel_session_bequeath(session, "sweep");
	tunnel_is_up(session);
	tell_user(session, "up", "up again", detail);
}

void stunnel_session_watch(struct stunnel_session *session)
{
	if (session->phase == STUNNEL_PHASE_UP && stunnel_tunnel_is_lost(&session->tunnel))
		lose_tunnel(session);
}

void stunnel_session_try_again(struct stunnel_session *session)
{
	/* Only a tunnel that never was needs the runtime. */
	if (!stunnel_tunnel_can_restart(&session->tunnel)) {
		stunnel_tunnel_forget(&session->tunnel);
		stunnel_session_open(session);
		return;
	}
	session->phase = STUNNEL_PHASE_RESTARTING;
	session->deadline = stunnel_now() + RESTART_MS;
	if (stunnel_tunnel_restart(&session->tunnel) != 0)
		stunnel_session_restart_failed(session);
}

void stunnel_session_take_ready(struct stunnel_session *session, size_t size)
{
	bool awaited = is_awaited(session);

	learn_facts(session, &session->runtime.answers);
	/* Whoever hears that it stands may count on its end. */
	stunnel_session_bequeath(session, "sweep");
	if (awaited)
		stunnel_send_all(&session->plugin.channel, session->runtime.answers.data, size);
	session->plugin.answered = true;
	stunnel_tunnel_keep(&session->tunnel.commands, &session->runtime.answers, size);
	stunnel_audit("opened", session->facts, &session->tunnel.commands, NULL);
	stunnel_runtime_close(&session->runtime);
	session->pause = STUNNEL_RETRY_FIRST_MS;
	stunnel_tunnel_hold(&session->tunnel);
	tunnel_is_up(session);
	if (!awaited)
		tell_user(session, "up", "up", "");
	/* The end of the master may have been reported before this answer. */
	stunnel_session_watch(session);
}
