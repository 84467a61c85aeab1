/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include "supervise.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

void stunnel_session_login(struct stunnel_session *session, size_t size)
{
	if (session->login != STUNNEL_LOGIN_NONE ||
	    !stunnel_login_prepare(&session->tunnel, &session->plugin.requests, size))
		return;
	stunnel_session_bequeath(session, "sweep");
	stunnel_login_begin(&session->login, &session->tunnel, &session->runtime);
	/* Now with its process. */
	stunnel_session_bequeath(session, "sweep");
}

bool stunnel_session_login_reaped(struct stunnel_session *session, pid_t pid, int status)
{
	if (!stunnel_login_reaped(&session->login, &session->tunnel, &session->runtime, pid,
				  status))
		return false;
	stunnel_session_bequeath(session, "sweep");
	return true;
}

void stunnel_session_give_up_login(struct stunnel_session *session)
{
	stunnel_login_discard(&session->login, &session->tunnel, &session->runtime);
	session->deadline = stunnel_now() + STUNNEL_IDLE_MS;
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
		stunnel_login_discard(&session->login, &session->tunnel, &session->runtime);
	session->login = STUNNEL_LOGIN_NONE;
	stunnel_tunnel_keep(&session->tunnel.traces, &session->runtime.answers, size);
	stunnel_record_drop(&session->runtime.answers, size);
	/* Of later attempts, which may be hundreds, the owner hears only once one has succeeded. */
	if (!session->plugin.answered)
		stunnel_session_bequeath(session, "sweep");
	return true;
}

void stunnel_session_stop(struct stunnel_session *session)
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

void stunnel_session_learn_facts(struct stunnel_session *session, const struct stunnel_record *message)
{
	const char *facts = stunnel_record_get(message, "audit");

	(void)snprintf(session->facts, sizeof(session->facts), "%s", facts ? facts : "");
}

_Noreturn void stunnel_session_finish(struct stunnel_session *session)
{
	/*
	 * Whoever ends us may be about to kill us, too, with all that knows of the
	 * directory. Until the tunnel stands, nothing in it is needed for the end.
	 */
	if (session->phase == STUNNEL_PHASE_ASKING || session->login != STUNNEL_LOGIN_NONE)
		stunnel_tunnel_vanish(&session->tunnel);
	stunnel_session_stop(session);
	stunnel_audit("closed", session->facts, &session->tunnel.commands, NULL);
	stunnel_tunnel_forget(&session->tunnel);
	stunnel_lock_release(&session->lock);
	stunnel_session_bequeath(session, "clean");
	/* The exit closes channel and lifeline: the owner sees that all is gone. */
	_exit(0);
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
	stunnel_session_learn_facts(session, &session->request);
	/* Another step that took the tunnel over has the lock, and keeps it. */
	if (job)
		(void)stunnel_lock_try(&session->lock, job);
	stunnel_session_finish(session);
}

void stunnel_session_try_again_later(struct stunnel_session *session)
{
	session->phase = STUNNEL_PHASE_WAITING;
	session->deadline = stunnel_now() + stunnel_retry_pause(&session->pause);
}
