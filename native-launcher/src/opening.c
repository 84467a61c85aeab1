/* SPDX-License-Identifier: Apache-2.0 */
#include "opening.h"

#include "restart.h"
#include "standing.h"
#include "supervise.h"
#include "trust.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	ANSWER_MS = 90000 / STUNNEL_HASTE, /* no answer by then: the runtime hangs */
	WORD_MS = 10000 / STUNNEL_HASTE, /* for the plugin to say whether to persist */
	LOCK_MS = 250, /* how often a waiting step asks for the lock */
};

/* Whether somebody still waits for our answer. */
static bool is_awaited(const struct stunnel_session *session)
{
	return !session->plugin.answered && session->plugin.channel >= 0;
}

void stunnel_opening_give_up(struct stunnel_session *session, struct stunnel_record *answer)
{
	bool contested = stunnel_record_get(answer, "contested") &&
			 stunnel_record_get(&session->request, "lock");

	stunnel_session_stop(session);
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

void stunnel_opening_give_up_saying(struct stunnel_session *session, const char *what,
				    const char *why)
{
	struct stunnel_record answer = { 0 };
	char text[PATH_MAX + STUNNEL_OBJECTION_MAX];

	(void)snprintf(text, sizeof(text), "error: %s%s%s\n", what, session->prefix, why);
	stunnel_record_add(&answer, "answer", "failed");
	stunnel_record_add(&answer, "text", text);
	stunnel_record_end(&answer);
	stunnel_opening_give_up(session, &answer);
}

void stunnel_opening_ask(struct stunnel_session *session)
{
	char why[2 + STUNNEL_OBJECTION_MAX] = ": ";
	struct stunnel_record request = { 0 };

	if (session->runtime.socket < 0 && stunnel_trust_runtime(session->prefix, why + 2) != 0) {
		stunnel_opening_give_up_saying(session, "no tunnel is opened with ", why);
		return;
	}
	if (session->runtime.socket < 0 &&
	    stunnel_runtime_start(&session->runtime, session->prefix) != 0) {
		stunnel_opening_give_up_saying(
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
	stunnel_login_tell(session->login, &session->tunnel, &request);
	stunnel_record_end(&request);
	stunnel_send_all(&session->runtime.socket, request.data, request.size);
	stunnel_record_free(&request);
	if (session->runtime.socket < 0)
		stunnel_opening_give_up_saying(session, "the Java runtime of ", " takes no request");
}

void stunnel_opening_begin(struct stunnel_session *session)
{
	static const char shared[] = "answer=shared\0";
	char why[STUNNEL_OBJECTION_MAX];
	const char *job = stunnel_record_get(&session->request, "lock");
	int before = session->lock.fd;

	/*
	 * Others see the lock's name while it is held, and can take it once it is not: the
	 * steps do without then, and each waits for the listener that another one has.
	 */
	if (!job || session->lock.fd >= 0 || stunnel_lock_try(&session->lock, job) == 0 ||
	    errno == EEXIST) {
		if (!session->plugin.answered || session->lock.fd != before)
			stunnel_session_bequeath(session, "sweep");
		stunnel_opening_ask(session);
		return;
	}
	if (errno != EWOULDBLOCK) {
		(void)snprintf(why, sizeof(why), "): %s\n  next: make room in /tmp on this host, or ask "
			       "the administrator", strerror(errno));
		stunnel_opening_give_up_saying(
			session, "cannot lock this job's tunnel in /tmp (installation ", why);
		return;
	}
	if (is_awaited(session))
		stunnel_send_all(&session->plugin.channel, shared, sizeof(shared));
	session->plugin.answered = true;
	session->phase = STUNNEL_PHASE_WAITING;
	session->deadline = stunnel_now() + LOCK_MS;
}

void stunnel_opening_try_again(struct stunnel_session *session)
{
	/* Only a tunnel that never was needs the runtime. */
	if (stunnel_restart_is_possible(&session->tunnel)) {
		stunnel_standing_restart(session);
		return;
	}
	stunnel_tunnel_forget(&session->tunnel);
	stunnel_opening_begin(session);
}

void stunnel_opening_take_ready(struct stunnel_session *session, size_t size)
{
	bool awaited = is_awaited(session);

	stunnel_session_learn_facts(session, &session->runtime.answers);
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
	stunnel_standing_begin(session);
	if (!awaited)
		stunnel_standing_tell(session, "up", "up", "");
	/* The end of the master may have been reported before this answer. */
	stunnel_standing_watch(session);
}
