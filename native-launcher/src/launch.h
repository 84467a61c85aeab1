/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch: starts the keeper and talks to it. Knows processes, sockets and
 * signals, and nothing of Slurm.
 */
#ifndef STUNNEL_LAUNCH_H
#define STUNNEL_LAUNCH_H

#include "record.h"
#include "trust.h"

#include <limits.h>
#include <sys/types.h>

/* Longest one-line reason that a function here writes into its `error`. */
#define STUNNEL_ERROR_MAX STUNNEL_OBJECTION_MAX

/* Who the keeper belongs to. */
enum stunnel_parentage {
	STUNNEL_CHILD, /* stays our child, ends when we die: srun, sbatch, salloc */
	STUNNEL_ORPHAN /* leaves us, so that the task's program never has to reap it */
};

/* Whom to become before anything is executed. */
struct stunnel_user {
	uid_t uid;
	gid_t gid;
};

struct stunnel_lifeline;

/* A running keeper. `channel` carries records; -1: none runs. */
struct stunnel_keeper {
	pid_t pid;
	int channel;
};

#define STUNNEL_NO_KEEPER { .pid = -1, .channel = -1 }

/*
 * Writes the installation prefix, found from the path of this very library,
 * into `prefix`. Returns 0, or -1 with the reason in `error`.
 */
int stunnel_launch_prefix(char *prefix, size_t size, char error[static STUNNEL_ERROR_MAX]);

/* Looks a variable of the user's up; an allocated string, or NULL. */
typedef char *stunnel_lookup(void *where, const char *name);

/*
 * Starts PREFIX/libexec/stunnel-keeper with the channel and nothing else of
 * ours: as `user` (NULL: as ourselves), and with those variables that ssh needs
 * to log in, as `lookup` finds them (NULL: none). Only async-signal-safe calls
 * stand between fork and exec. Returns 0, or -1 with the reason in `error`.
 */
int stunnel_keeper_start(struct stunnel_keeper *keeper, const char *prefix,
			 enum stunnel_parentage parentage, const struct stunnel_user *user,
			 stunnel_lookup *lookup, void *where,
			 char error[static STUNNEL_ERROR_MAX]);

/*
 * Sends one request, and with it the keeper's end of `lifeline` and a copy of
 * its voice, unless that is NULL. Returns 0, or -1 with the reason in `error`;
 * or 1 with it, where the keeper is gone: an answer that it left may say why.
 */
int stunnel_keeper_send(const struct stunnel_keeper *keeper, const struct stunnel_record *request,
			struct stunnel_lifeline *lifeline, char error[static STUNNEL_ERROR_MAX]);

/*
 * Waits for the answer to a request. Returns 0 with one message in `answer`,
 * or -1 with the reason in `error`. The wait ends when the keeper does, or by a
 * signal (see interrupt.h); the keeper bounds its own work.
 */
int stunnel_keeper_receive(const struct stunnel_keeper *keeper, struct stunnel_record *answer,
			   char error[static STUNNEL_ERROR_MAX]);

/*
 * Closes the channel. A keeper without a lifeline ends then; one with a
 * lifeline has nobody to tell that the tunnel is down, or up again.
 */
void stunnel_keeper_hang_up(struct stunnel_keeper *keeper);

/* Reaps a keeper that was started as a child and is about to end. */
void stunnel_keeper_reap(struct stunnel_keeper *keeper);

#endif
