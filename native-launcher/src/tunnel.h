/* SPDX-License-Identifier: Apache-2.0 */
/* tunnel: the ssh commands of an opened tunnel, as the runtime composed them. */
#ifndef STUNNEL_TUNNEL_H
#define STUNNEL_TUNNEL_H

#include "record.h"

#include <stdbool.h>
#include <sys/types.h>

/* Most of what stunnel_tunnel_words() writes. */
#define STUNNEL_WORDS_MAX 4096

/* Zero-initialised: no tunnel. */
struct stunnel_tunnel {
	/* Fields dir, stop, unlink, transfer and batch: what must go, and how. */
	struct stunnel_record traces;
	struct stunnel_record commands; /* fields start and forward: how it comes back */
	const char *step;		/* the command of a restart that runs now, or NULL */
	pid_t pid;			/* its process */
	off_t log_size;			/* what ssh had logged when the tunnel came up */
	int hold;			/* of its control directory; 0: none */
};

/* How far a restart is. */
enum stunnel_restart { STUNNEL_RESTART_RUNS, STUNNEL_RESTART_DONE, STUNNEL_RESTART_FAILED };

/* Keeps the first message of `answer`, `size` bytes, in one of the two records. */
void stunnel_tunnel_keep(struct stunnel_record *record, const struct stunnel_record *answer,
			 size_t size);

/* Keeps what the first message of `answer` names to be removed and killed, and no command. */
void stunnel_tunnel_keep_names(struct stunnel_record *record, const struct stunnel_record *answer);

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

/* True when start and forward commands are known, and the control directory is still there. */
bool stunnel_tunnel_can_restart(const struct stunnel_tunnel *tunnel);

/* True when the master of a tunnel that was up is gone. */
bool stunnel_tunnel_is_lost(const struct stunnel_tunnel *tunnel);

/* The tunnel came up: what ssh writes into its log from now on is about the end of that. */
void stunnel_tunnel_mark_log(struct stunnel_tunnel *tunnel);

/* Empties a log that others have made long: all of them can connect to a forward. */
void stunnel_tunnel_bound_log(struct stunnel_tunnel *tunnel);

/*
 * What ssh logged since then, or since it was started again: lines of printable
 * ASCII, without a newline at the end, and if they are many the last ones. Empty: none.
 */
void stunnel_tunnel_words(const struct stunnel_tunnel *tunnel,
			  char words[static STUNNEL_WORDS_MAX]);

/*
 * Leaves `state` in the control directory, in a file of that name, for
 * `stunnel list`. What cannot be written is not there.
 */
void stunnel_tunnel_publish(const struct stunnel_tunnel *tunnel,
			    const struct stunnel_record *state);

/* Begins to start a stopped tunnel again. Returns 0 or -1. */
int stunnel_tunnel_restart(struct stunnel_tunnel *tunnel);

/* Takes the end of a child, and goes on to the next command if it was ours. */
enum stunnel_restart stunnel_tunnel_reaped(struct stunnel_tunnel *tunnel, pid_t pid, int status);

#endif
