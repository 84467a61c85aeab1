/* SPDX-License-Identifier: Apache-2.0 */
/* restart: brings a stopped tunnel back by the commands that made it, one after the other. */
#ifndef STUNNEL_RESTART_H
#define STUNNEL_RESTART_H

#include "tunnel.h"

/* How far it is. */
enum stunnel_restart { STUNNEL_RESTART_RUNS, STUNNEL_RESTART_DONE, STUNNEL_RESTART_FAILED };

/* True when start and forward commands are known, and the control directory is still there. */
bool stunnel_restart_is_possible(const struct stunnel_tunnel *tunnel);

/* Begins to start a stopped tunnel again. Returns 0 or -1. */
int stunnel_restart_begin(struct stunnel_tunnel *tunnel);

/* Takes the end of a child, and goes on to the next command if it was ours. */
enum stunnel_restart stunnel_restart_reaped(struct stunnel_tunnel *tunnel, pid_t pid, int status);

#endif
