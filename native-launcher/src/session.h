/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session: one tunnel, from the request for it to its end: what is known of it,
 * and what ends it. The keeper has one; opening.h says how it comes up,
 * standing.h how it stays up.
 */
#ifndef STUNNEL_SESSION_H
#define STUNNEL_SESSION_H

#include "audit.h"
#include "conversation.h"
#include "lock.h"
#include "login.h"
#include "record.h"
#include "retry.h"
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

enum stunnel_phase {
	STUNNEL_PHASE_IDLE,	 /* no request is under way */
	STUNNEL_PHASE_ASKING,	 /* the runtime owes an answer */
	STUNNEL_PHASE_CONTESTED, /* the plugin is to say whether another step has our listener */
	STUNNEL_PHASE_UP,	 /* the master runs, the runtime does not */
	STUNNEL_PHASE_WAITING,	 /* for the lock, or for the next attempt */
	STUNNEL_PHASE_RESTARTING /* a command of the tunnel runs again */
};

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

/*
 * Tells the owner what to do for us should we be killed: `sweep`, or `clean` for
 * nothing. The lifeline has room for some hundred times, and is not read before the
 * end: nothing that happens again and again tells of itself there.
 */
void stunnel_session_bequeath(struct stunnel_session *session, const char *what);

/* Takes from a message what the log is told of the tunnel from now on. */
void stunnel_session_learn_facts(struct stunnel_session *session,
				 const struct stunnel_record *message);

/* Begins with the login of the plugin's next message, `size` bytes, unless there is one. */
void stunnel_session_login(struct stunnel_session *session, size_t size);

/* Takes the end of a child. True: it was the login, which stands or is no more. */
bool stunnel_session_login_reaped(struct stunnel_session *session, pid_t pid, int status);

/* The login hangs: the runtime knows what to say of that. */
void stunnel_session_give_up_login(struct stunnel_session *session);

/* Takes a message of the runtime that tells what to stop and remove. False: it is none. */
bool stunnel_session_take_opening(struct stunnel_session *session, size_t size);

/* Begins the next attempt after a pause. */
void stunnel_session_try_again_later(struct stunnel_session *session);

/* Stops the tunnel and whatever else runs below us. */
void stunnel_session_stop(struct stunnel_session *session);

/* Ends the tunnel, sees that nothing is left of it, and ends this process. */
_Noreturn void stunnel_session_finish(struct stunnel_session *session);

/*
 * Does what the request of a keeper that was killed left undone, and ends this
 * process. `sweep` runs its commands for that, `clear` none.
 */
_Noreturn void stunnel_session_sweep(struct stunnel_session *session);

#endif
