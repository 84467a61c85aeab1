/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lock: at most one of a job's steps on this host holds the job's tunnel.
 */
#ifndef STUNNEL_LOCK_H
#define STUNNEL_LOCK_H

#include <stdbool.h>

/* fd = -1: not held. */
struct stunnel_lock {
	int fd;
	char path[64];
};

/*
 * Tries to take the lock of job `job`, a decimal number, for the caller's uid
 * on this host. Returns 0 (held), or -1 with errno: EWOULDBLOCK when another
 * step has it. The kernel drops the lock when the holder dies.
 */
int stunnel_lock_try(struct stunnel_lock *lock, const char *job);

/* Removes the file and drops the lock. Does nothing when it is not held. */
void stunnel_lock_release(struct stunnel_lock *lock);

#endif
