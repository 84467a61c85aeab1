/* SPDX-License-Identifier: Apache-2.0 */
#include "requests.h"

#include "opening.h"
#include "stale.h"
#include "supervise.h"

#include <string.h>
#include <sys/prctl.h>

/* A step has ended: removes what its keepers left when they were killed with it. */
static _Noreturn void tidy(struct stunnel_session *session)
{
	const char *job = stunnel_record_get(&session->request, "job");
	const char *step = stunnel_record_get(&session->request, "step");

	if (job && step)
		stunnel_stale_remove_step("/tmp", job, step);
	else
		stunnel_stale_remove("/tmp");
	stunnel_session_finish(session);
}

/*
 * Nobody but root may read this program, so the kernel lets nobody but root look
 * into it or trace it: what slurmstepd starts is outside of the job, and whoever
 * took it over would outlive the job. The keeper of a tunnel is in the job, and
 * its user's as all that is.
 */
static void belong_to_user(void)
{
	(void)prctl(PR_SET_DUMPABLE, 1);
}

/* Begins with a login, whatever else is under way, if that is what comes next. */
static void take_login(struct stunnel_session *session)
{
	size_t size = stunnel_record_message(&session->plugin.requests);
	const char *what = size == 0 ? NULL : stunnel_record_get(&session->plugin.requests, "request");

	if (!what || strcmp(what, "login") != 0)
		return;
	belong_to_user();
	stunnel_session_login(session, size);
	stunnel_record_drop(&session->plugin.requests, size);
}

void stunnel_requests_take(struct stunnel_session *session)
{
	size_t size = stunnel_record_message(&session->plugin.requests);
	const char *what;

	if (size == 0 || session->phase != STUNNEL_PHASE_IDLE ||
	    session->login == STUNNEL_LOGIN_RUNS)
		return;
	stunnel_record_free(&session->request);
	stunnel_record_append(&session->request, session->plugin.requests.data, size);
	stunnel_record_drop(&session->plugin.requests, size);
	if (session->request.failed)
		stunnel_session_finish(session);
	what = stunnel_record_get(&session->request, "request");
	if (what && (strcmp(what, "sweep") == 0 || strcmp(what, "clear") == 0))
		stunnel_session_sweep(session);
	if (what && strcmp(what, "tidy") == 0)
		tidy(session);
	belong_to_user();
	stunnel_opening_begin(session);
}

/* The plugin's word on a listener that another step may have: to persist, or nothing. */
static void take_word(struct stunnel_session *session)
{
	size_t size = stunnel_record_message(&session->plugin.requests);
	const char *what;

	if (size == 0)
		return;
	what = stunnel_record_get(&session->plugin.requests, "request");
	if (!what || strcmp(what, "persist") != 0)
		stunnel_session_finish(session);
	stunnel_record_drop(&session->plugin.requests, size);
	session->plugin.answered = true;
	stunnel_session_try_again_later(session);
}

void stunnel_requests_receive(struct stunnel_session *session)
{
	if (!stunnel_conversation_receive(&session->plugin)) {
		/* Only a lifeline gives us a reason to stay. */
		if (session->plugin.lifeline < 0 || session->phase == STUNNEL_PHASE_CONTESTED)
			stunnel_session_finish(session);
		stunnel_conversation_hang_up(&session->plugin);
		return;
	}
	if (session->plugin.requests.failed)
		stunnel_session_finish(session);
	if (session->phase == STUNNEL_PHASE_CONTESTED) {
		take_word(session);
		return;
	}
	take_login(session);
	stunnel_requests_take(session);
	/* It may have come together with the request before it. */
	take_login(session);
}
