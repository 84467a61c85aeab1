/* SPDX-License-Identifier: Apache-2.0 */
/* opening: how the tunnel of a session comes up, or why it does not. */
#ifndef STUNNEL_OPENING_H
#define STUNNEL_OPENING_H

#include "session.h"

/* Opens the tunnel of the request; where that names a lock, once it is ours. */
void stunnel_opening_begin(struct stunnel_session *session);

/* Hands the request to the runtime, which is started if none runs. */
void stunnel_opening_ask(struct stunnel_session *session);

/* Takes the message of the runtime that the tunnel stands. */
void stunnel_opening_take_ready(struct stunnel_session *session, size_t size);

/*
 * The request came to nothing, and `answer`, which is released, says why. One
 * that nobody waits for any more is tried again. A first one ends this process
 * once nothing of it is left, unless another step of the job may have the
 * listener: the plugin finds out.
 */
void stunnel_opening_give_up(struct stunnel_session *session, struct stunnel_record *answer);

/* The same for a reason that only the keeper knows: `what`, the prefix, `why`. */
void stunnel_opening_give_up_saying(struct stunnel_session *session, const char *what,
				    const char *why);

/* The pause before the next attempt is over. */
void stunnel_opening_try_again(struct stunnel_session *session);

#endif
