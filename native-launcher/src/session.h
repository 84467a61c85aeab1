/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session: one tunnel, from the request for it to its end, and what is done at
 * each turn. The keeper has one, and tells it what happened.
 */
#ifndef STUNNEL_SESSION_H
#define STUNNEL_SESSION_H

#include "audit.h"
#include "conversation.h"
#include "lock.h"
#include "record.h"
#include "runtime.h"
#include "tunnel.h"

#include <limits.h>
#include <stdbool.h>

/* A keeper built for the tests is in a hurry. */
#ifndef STUNNEL_HASTE
#define STUNNEL_HASTE 1
#endif

/* A runtime without work may stay this long. */
#define STUNNEL_IDLE_MS (5000 / STUNNEL_HASTE)

/* The first attempt after a loss comes within a second. */
#define STUNNEL_RETRY_FIRST_MS 800

enum stunnel_phase {
	STUNNEL_PHASE_IDLE,	 /* no request is under way */
	STUNNEL_PHASE_ASKING,	 /* the runtime owes an answer */
	STUNNEL_PHASE_CONTESTED, /* the plugin is to say whether another step has our listener */
	STUNNEL_PHASE_UP,	 /* the master runs, the runtime does not */
	STUNNEL_PHASE_WAITING,	 /* for the lock, or for the next attempt */
	STUNNEL_PHASE_RESTARTING /* a command of the tunnel runs again */
};

/* See login.h; once the runtime has taken it over, or refused it, there is none. */
enum stunnel_login { STUNNEL_LOGIN_NONE, STUNNEL_LOGIN_RUNS, STUNNEL_LOGIN_STANDS };

struct stunnel_session {
	enum stunnel_phase phase;
	enum stunnel_login login;
	struct stunnel_conversation plugin;
	struct stunnel_runtime runtime;
	long long deadline;	       /* of this phase, 0: none */
	long long pause;	       /* the longest one before the next attempt */
	long long since;	       /* when the tunnel came up or got lost */
	unsigned long reconnects;      /* how often it came back */
	struct stunnel_record request; /* the one under way, or the last one */
	struct stunnel_tunnel tunnel;
	struct stunnel_lock lock;
	char facts[STUNNEL_FACTS_MAX]; /* about a tunnel that was opened, for the log */
	char prefix[PATH_MAX];
};

/* Nothing is asked for yet; `descriptor` is the channel. */
#define STUNNEL_NEW_SESSION(descriptor)                                            \
	{                                                                          \
		.plugin = { .channel = (descriptor), .lifeline = -1, .voice = -1 },\
		.runtime = STUNNEL_NO_RUNTIME, .lock = { .fd = -1 },               \
		.pause = STUNNEL_RETRY_FIRST_MS                                    \
	}

/* Opens the tunnel of the request; where that names a lock, once it is ours. */
void stunnel_session_open(struct stunnel_session *session);

/* Hands the request to the runtime, which is started if none runs. */
void stunnel_session_ask(struct stunnel_session *session);

/* Tells the owner what to do for us should we be killed: `sweep`, or `clean` for nothing. */
void stunnel_session_bequeath(struct stunnel_session *session, const char *what);

/*
 * Does what the request of a keeper that was killed left undone, and ends this
 * process. `sweep` runs its commands for that, `clear` none.
 */
_Noreturn void stunnel_session_sweep(struct stunnel_session *session);

/* Takes a message of the runtime that tells what to stop and remove. False: it is none. */
bool stunnel_session_take_opening(struct stunnel_session *session, size_t size);

/* Takes the message of the runtime that the tunnel stands. */
void stunnel_session_take_ready(struct stunnel_session *session, size_t size);

/*
 * The request came to nothing, and `answer`, which is released, says why. One
 * that nobody waits for any more is tried again. A first one ends this process
 * once nothing of it is left, unless another step of the job may have the
 * listener: the plugin finds out.
 */
void stunnel_session_give_up(struct stunnel_session *session, struct stunnel_record *answer);

/* The same for a reason that only the keeper knows: `what`, the prefix, `why`. */
void stunnel_session_give_up_saying(struct stunnel_session *session, const char *what,
				    const char *why);

/*
 * Takes what `stunnel open` or `stunnel close` has changed in the tunnel. Only
 * while it is up: an attempt to bring it back is made with one set of commands.
 */
void stunnel_session_revise(struct stunnel_session *session);

/* Looks whether the tunnel is still what it was. */
void stunnel_session_watch(struct stunnel_session *session);

/* Begins the next attempt after a pause. */
void stunnel_session_try_again_later(struct stunnel_session *session);

/* Begins it now. */
void stunnel_session_try_again(struct stunnel_session *session);

/* What came of an attempt to bring the tunnel back. */
void stunnel_session_is_back(struct stunnel_session *session);
void stunnel_session_restart_failed(struct stunnel_session *session);

/* Ends the tunnel, sees that nothing is left of it, and ends this process. */
_Noreturn void stunnel_session_finish(struct stunnel_session *session);

#endif
