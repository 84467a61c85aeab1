/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lifeline: what ties a tunnel to the Slurm process that owns it. That one's
 * end ends the tunnel; and the owner does what a killed keeper left undone.
 */
#ifndef STUNNEL_LIFELINE_H
#define STUNNEL_LIFELINE_H

#include "launch.h"

#include <stdint.h>
#include <sys/types.h>

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

#define STUNNEL_NO_LIFELINE { .owner = -1, .keeper = -1, .voice = -1, .maker = -1 }

/* Makes the pair. Returns 0, or -1 with errno. */
int stunnel_lifeline_open(struct stunnel_lifeline *lifeline);

/*
 * Ends the tunnel and waits until its keeper is gone, at most
 * STUNNEL_END_SECONDS. If the keeper was killed, another one, run as `user`
 * (NULL: as ourselves), does what it left undone; as `user` it runs no command
 * for that. Closes both ends. Does nothing on a closed lifeline.
 */
void stunnel_lifeline_end(struct stunnel_lifeline *lifeline, const char *prefix,
			  const struct stunnel_user *user);

/*
 * A step has ended: has a keeper, run as `user`, remove what tunnels left
 * whose keepers were killed with it. Waits for it, as above; and where `job` is
 * not 0 also for the srun of that very step, which is about to end.
 */
void stunnel_lifeline_tidy(uint32_t job, uint32_t step, const char *prefix,
			   const struct stunnel_user *user);

/*
 * ssh -O exit may take 2 s, SIGTERM 1 s more; then SIGKILL has done its work.
 * Tests have their own.
 */
#ifndef STUNNEL_END_SECONDS
#define STUNNEL_END_SECONDS 5
#endif

#endif
