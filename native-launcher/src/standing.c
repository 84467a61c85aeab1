/* SPDX-License-Identifier: Apache-2.0 */
#include "standing.h"

#include "files.h"
#include "restart.h"
#include "revision.h"
#include "supervise.h"
#include "survivors.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	RESTART_MS = 20000 / STUNNEL_HASTE, /* no ssh by then: this attempt is over */
	TEND_MS = 10000 / STUNNEL_HASTE,    /* how often its words are looked at */
	STEADY_MS = 1000,		    /* up for less: that attempt came to nothing */
};

/* Of an ssh that said nothing. */
static const char ENDED[] = "ended";

/* Leaves word for `stunnel list`: what the tunnel is, perhaps why, and all that made it so. */
static void publish(struct stunnel_session *session, const char *what, const char *why)
{
	struct stunnel_record state = { 0 };

	stunnel_record_add(&state, "state", what);
	if (why)
		stunnel_record_add(&state, "reason", why);
	stunnel_record_add_number(&state, "since",
				  (unsigned long)(time(NULL) - (stunnel_now() - session->since) / 1000));
	stunnel_record_add_number(&state, "reconnects", session->reconnects);
	stunnel_record_add_number(&state, "keeper", (unsigned long)getpid());
	/* For whoever sweeps, should we be killed; and for whoever finds the directory, should all be. */
	stunnel_survivors_note(&state);
	for (const char *path = NULL;
	     (path = stunnel_record_next(&session->tunnel.traces, "unlink", path));)
		stunnel_record_add(&state, "unlink", path);
	/* Without the empty field that ends it. */
	stunnel_record_append(&state, session->request.data, session->request.size - 1);
	stunnel_record_append(&state, session->tunnel.commands.data, session->tunnel.commands.size);
	stunnel_files_publish(stunnel_tunnel_directory(&session->tunnel), &state);
	stunnel_record_free(&state);
}

void stunnel_standing_tell(struct stunnel_session *session, const char *what, const char *words,
			   const char *detail)
{
	const char *routes = stunnel_record_get(&session->tunnel.commands, "routes");
	char line[1280];

	(void)snprintf(line, sizeof(line), "tunnel %s: %.600s%s", words, routes ? routes : "", detail);
	stunnel_conversation_tell(&session->plugin, what, line);
}

void stunnel_standing_begin(struct stunnel_session *session)
{
	session->phase = STUNNEL_PHASE_UP;
	session->deadline = stunnel_now() + STUNNEL_IDLE_MS; /* for the runtime to be gone */
	session->since = stunnel_now();
	stunnel_tunnel_mark_words(&session->tunnel);
	publish(session, "up", NULL);
}

void stunnel_standing_tend(struct stunnel_session *session)
{
	stunnel_runtime_kill(&session->runtime);
	if (session->phase != STUNNEL_PHASE_UP)
		return;
	stunnel_files_bound(stunnel_tunnel_directory(&session->tunnel), &session->tunnel.said);
	session->deadline = stunnel_now() + TEND_MS;
}

/* What ssh has logged since the tunnel came up, or was started again. */
static void take_words(const struct stunnel_tunnel *tunnel, char words[static STUNNEL_WORDS_MAX])
{
	stunnel_files_words(stunnel_tunnel_directory(tunnel), tunnel->said.log, words);
}

void stunnel_standing_restart_failed(struct stunnel_session *session, const char *why)
{
	char words[STUNNEL_WORDS_MAX];

	/* They go with the rest. */
	take_words(&session->tunnel, words);
	stunnel_session_stop(session);
	publish(session, "reconnecting", words[0] ? words : why);
	stunnel_session_try_again_later(session);
}

/* An ssh that goes into detail takes its leave with them. */
static bool is_figures(const char *line)
{
	return strncmp(line, "Transferred: ", 13) == 0 ||
	       strncmp(line, "Bytes per second: ", 18) == 0;
}

/* The last line that is about the end; empty: none. */
static const char *last_line(char *words)
{
	char *newline;

	while ((newline = strrchr(words, '\n')) && is_figures(newline + 1))
		*newline = '\0';
	if (newline)
		return newline + 1;
	return is_figures(words) ? "" : words;
}

/* The tunnel was up, and is gone though nobody asked for that. */
static void lose_tunnel(struct stunnel_session *session)
{
	const struct stunnel_tunnel *tunnel = &session->tunnel;
	char words[STUNNEL_WORDS_MAX], errors[STUNNEL_WORDS_MAX];
	const char *own, *others;
	char detail[580];

	take_words(tunnel, words);
	stunnel_files_errors(stunnel_tunnel_directory(tunnel), tunnel->said.errors, errors);
	own = last_line(words);
	others = last_line(errors);
	(void)snprintf(detail, sizeof(detail), " (ssh: %.255s%s%.255s); connecting again",
		       own[0] || others[0] ? own : ENDED, own[0] && others[0] ? "; " : "", others);
	stunnel_standing_tell(session, "down", "down", detail);
	if (stunnel_now() - session->since >= STEADY_MS)
		session->pause = STUNNEL_RETRY_FIRST_MS;
	session->since = stunnel_now();
	/* From here on as after an attempt that came to nothing. */
	stunnel_standing_restart_failed(session, ENDED);
}

void stunnel_standing_watch(struct stunnel_session *session)
{
	if (session->phase == STUNNEL_PHASE_UP && stunnel_tunnel_is_lost(&session->tunnel))
		lose_tunnel(session);
}

void stunnel_standing_revise(struct stunnel_session *session)
{
	if (session->phase != STUNNEL_PHASE_UP || !stunnel_revision_take(&session->tunnel))
		return;
	stunnel_session_bequeath(session, "sweep");
	stunnel_audit("changed", session->facts, &session->tunnel.commands, NULL);
	publish(session, "up", NULL);
}

void stunnel_standing_restart(struct stunnel_session *session)
{
	session->phase = STUNNEL_PHASE_RESTARTING;
	session->deadline = stunnel_now() + RESTART_MS;
	if (stunnel_restart_begin(&session->tunnel) != 0)
		stunnel_standing_restart_failed(session, "cannot be run");
}

void stunnel_standing_is_back(struct stunnel_session *session)
{
	char detail[64];

	(void)snprintf(detail, sizeof(detail), " (after %lld s)",
		       (stunnel_now() - session->since + 500) / 1000);
	session->reconnects++;
	stunnel_standing_begin(session);
	stunnel_standing_tell(session, "up", "up again", detail);
}
