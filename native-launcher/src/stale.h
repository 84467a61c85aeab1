/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stale: control what a keeper that was killed left in its control directory, and the
 * directory, where the process that owned the tunnel was killed as well.
 */
#ifndef STUNNEL_STALE_H
#define STUNNEL_STALE_H

/*
 * Holds a control directory for as long as this process lives, so that nobody
 * takes it for a stale one. Returns a descriptor, or -1.
 */
int stunnel_stale_hold(const char *directory);

/*
 * Kills the processes that the state in a control directory of this user's names:
 * of a tunnel that came back its keeper told nobody else.
 */
void stunnel_stale_kill_survivors(const char *directory);

/*
 * Removes this user's stale control directories below `parent`: nobody holds
 * them, nothing listens there, and they are not just being made.
 */
void stunnel_stale_remove(const char *parent);

/*
 * Does that until no directory of this step of this job is there any more, a
 * few seconds at most: the step has ended, and the srun it belongs to will.
 */
void stunnel_stale_remove_step(const char *parent, const char *job, const char *step);

#endif
