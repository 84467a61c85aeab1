/* SPDX-License-Identifier: Apache-2.0 */
/* standing: the tunnel of a session is up, or was and is brought back by what made it. */
#ifndef STUNNEL_STANDING_H
#define STUNNEL_STANDING_H

#include "session.h"

/* The tunnel came up. */
void stunnel_standing_begin(struct stunnel_session *session);

/* Tells the user that the tunnel is `what`, in `words`, and what is known about that. */
void stunnel_standing_tell(struct stunnel_session *session, const char *what, const char *words,
			   const char *detail);

/* Looks whether the tunnel is still what it was. */
void stunnel_standing_watch(struct stunnel_session *session);

/* The runtime is to be gone, and a tunnel that stands is looked after from time to time. */
void stunnel_standing_tend(struct stunnel_session *session);

/*
 * Takes what `stunnel open` or `stunnel close` has changed in the tunnel. Only
 * while it is up: an attempt to bring it back is made with one set of commands.
 */
void stunnel_standing_revise(struct stunnel_session *session);

/* Begins an attempt to bring it back. */
void stunnel_standing_restart(struct stunnel_session *session);

/* What came of that; `why` it failed counts where ssh said nothing. */
void stunnel_standing_is_back(struct stunnel_session *session);
void stunnel_standing_restart_failed(struct stunnel_session *session, const char *why);

#endif
