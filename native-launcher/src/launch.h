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

/* A running keeper. `channel` carries records; -1: none runs. */
struct stunnel_keeper {
	pid_t pid;
	int channel;
};

/*
 * A pair of packet sockets whose one end belongs to the Slurm process that owns the
 * tunnel, the other to the keeper. Either side sees the other go, by exit or
 * by kill -9, as end of file. What the keeper sent last is what is left to do
 * should it be killed. -1: closed. A copy that a fork of the owner has ends nothing.
 */
struct stunnel_lifeline {
	int owner;
	int keeper;
	int voice; /* where the keeper may speak to the user; -1: over its channel only */
	pid_t maker;
};

#define STUNNEL_NO_KEEPER { .pid = -1, .channel = -1 }
#define STUNNEL_NO_LIFELINE { .owner = -1, .keeper = -1, .voice = -1, .maker = -1 }

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
 * its voice, unless that is NULL. Returns 0, or -1 with the reason in `error`.
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

/* Makes the pair. Returns 0, or -1 with errno. */
int stunnel_lifeline_open(struct stunnel_lifeline *lifeline);

/*
 * Ends the tunnel and waits until its keeper is gone, at most
 * STUNNEL_END_SECONDS. If the keeper was killed, another one, run as `user`
 * (NULL: as ourselves), does what it left undone. Closes both ends. Does
 * nothing on a closed lifeline.
 */
void stunnel_lifeline_end(struct stunnel_lifeline *lifeline, const char *prefix,
			  const struct stunnel_user *user);

/*
 * ssh -O exit may take 2 s, SIGTERM 1 s more; then SIGKILL has done its work.
 * Tests have their own.
 */
#ifndef STUNNEL_END_SECONDS
#define STUNNEL_END_SECONDS 5
#endif

#endif
