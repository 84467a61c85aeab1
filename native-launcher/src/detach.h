/* SPDX-License-Identifier: Apache-2.0 */
/* detach: how the keeper takes nothing of the Slurm process that started it. */
#ifndef STUNNEL_DETACH_H
#define STUNNEL_DETACH_H

#include <sys/types.h>

/*
 * What of a user's environment reaches keeper, runtime and ssh. All else is
 * built: a variable can make a JVM or a loader run code.
 */
#define STUNNEL_KEPT_VARIABLES { "SSH_AUTH_SOCK", "KRB5CCNAME" }

/*
 * Makes this process its own: no descriptor but `channel`, moved to number
 * `target`, and /dev/null below it; a session of its own; a built environment;
 * default signal dispositions; the working directory /. It becomes the
 * subreaper of what it starts. It ends with `parent`, or leaves it (0).
 * Returns a descriptor that reports SIGCHLD, SIGTERM and SIGUSR1, all other signals
 * being blocked, or -1.
 */
int stunnel_detach(int channel, int target, pid_t parent);

#endif
