/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trust: who could change what is about to be executed for every user of the
 * installation. Whoever can is able to act as each of them.
 */
#ifndef STUNNEL_TRUST_H
#define STUNNEL_TRUST_H

#include <limits.h>

/* Longest objection: what is wrong with which path, and the user's next step. */
#define STUNNEL_OBJECTION_MAX (PATH_MAX + 512)

/*
 * Looks at PREFIX/libexec/stunnel-keeper, and at each directory and link on the
 * way to it: all must belong to root, and be writable by nobody else. A
 * directory with the sticky bit may be: nobody replaces what root has in it. A
 * private installation, whose libexec belongs to the user that runs this, may
 * be that user's. Returns 0, or -1 with the reason in `objection`.
 */
int stunnel_trust_keeper(const char *prefix, char objection[static STUNNEL_OBJECTION_MAX]);

/* The same for what the keeper runs and Java reads: libexec/java, lib/java, each file in that. */
int stunnel_trust_runtime(const char *prefix, char objection[static STUNNEL_OBJECTION_MAX]);

#endif
