/* SPDX-License-Identifier: Apache-2.0 */
/* tunnel: what there is of an opened tunnel, and how all of it goes. */
#ifndef STUNNEL_TUNNEL_H
#define STUNNEL_TUNNEL_H

#include "files.h"
#include "record.h"

#include <stdbool.h>
#include <sys/types.h>

/* Zero-initialised: no tunnel. */
struct stunnel_tunnel {
	/* Fields dir, stop, unlink, transfer and batch: what must go, and how. */
	struct stunnel_record traces;
	struct stunnel_record commands; /* fields start and forward: how it comes back */
	const char *step;		/* the command of a restart that runs now, or NULL */
	pid_t pid;			/* its process */
	struct stunnel_sizes said;	/* what there was of words when the tunnel came up */
	int hold;			/* of its control directory; 0: none */
};

/* Keeps the first message of `answer`, `size` bytes, in one of the two records. */
void stunnel_tunnel_keep(struct stunnel_record *record, const struct stunnel_record *answer,
			 size_t size);

/* Keeps what the first message of `answer` names to be removed and killed, and no command. */
void stunnel_tunnel_keep_names(struct stunnel_record *record, const struct stunnel_record *answer);

/* The path of the control directory, or NULL: it has none. */
const char *stunnel_tunnel_directory(const struct stunnel_tunnel *tunnel);

/* Whether a command may talk to whoever listens there: only where it is nobody else. */
bool stunnel_tunnel_is_safe(const struct stunnel_tunnel *tunnel);

/*
 * Writes what the command reads that removes the sockets on the other host.
 * Returns its argv, to be freed, or NULL: there is nothing to be removed there.
 */
char **stunnel_tunnel_prepare_transfer(const struct stunnel_tunnel *tunnel);

/*
 * Holds the control directory, so that it is no stale one, and removes those
 * beside it that are.
 */
void stunnel_tunnel_hold(struct stunnel_tunnel *tunnel);

/* Adds to `request` what another keeper would have to stop and to remove. */
void stunnel_tunnel_bequeath(const struct stunnel_tunnel *tunnel, struct stunnel_record *request);

/*
 * Removes the control directory of a tunnel that does not stand yet, before it
 * is stopped. What still tries to make something there fails, or leaves it to
 * stunnel_tunnel_forget().
 */
void stunnel_tunnel_vanish(const struct stunnel_tunnel *tunnel);

/*
 * Stops the tunnel, ends every child of this process and what a killed keeper
 * left, empties the control directory and removes the sockets that the tunnel
 * made elsewhere. SIGCHLD is blocked.
 */
void stunnel_tunnel_stop(struct stunnel_tunnel *tunnel);

/* Removes the control directory and forgets the tunnel, which is stopped. */
void stunnel_tunnel_forget(struct stunnel_tunnel *tunnel);

/* True when the master of a tunnel that was up is gone. */
bool stunnel_tunnel_is_lost(const struct stunnel_tunnel *tunnel);

/* The tunnel came up: what ssh says from now on is about the end of that. */
void stunnel_tunnel_mark_words(struct stunnel_tunnel *tunnel);

#endif
