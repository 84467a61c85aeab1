/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lock: at most one of a job's steps on this host holds the job's tunnel.
 */
#ifndef STUNNEL_LOCK_H
#define STUNNEL_LOCK_H

#include <stdbool.h>
#include <string.h>

/* 128 random bits in hexadecimal, which all steps of the job know. */
#define STUNNEL_KEY_LENGTH 32

/* fd = -1: not held. */
struct stunnel_lock {
	int fd;
	char path[96];
};

/* True for a key as salloc makes them. Who has it is the user, who can change it. */
static inline bool stunnel_lock_is_key(const char *text)
{
	return strspn(text, "0123456789abcdef") == STUNNEL_KEY_LENGTH &&
	       text[STUNNEL_KEY_LENGTH] == '\0';
}

/*
 * Tries to take the lock with the key `key` for the caller's uid on this host.
 * Returns 0 (held), or -1 with errno: EWOULDBLOCK when another step has it,
 * EEXIST when another user has its name, EINVAL for a key that is none. The
 * kernel drops the lock when the holder dies.
 */
int stunnel_lock_try(struct stunnel_lock *lock, const char *key);

/* Removes the file and drops the lock. Does nothing when it is not held. */
void stunnel_lock_release(struct stunnel_lock *lock);

#endif
