/* SPDX-License-Identifier: Apache-2.0 */
/*
 * supervise: what the keeper knows of processes.
 *
 * The keeper is a subreaper: whatever it starts, and whatever that starts in
 * turn, becomes its child sooner or later. "Nothing is left" is therefore one
 * question to the kernel: waitpid() says ECHILD.
 */
#ifndef STUNNEL_SUPERVISE_H
#define STUNNEL_SUPERVISE_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * Starts argv[0] (an absolute path, or looked up in PATH) with an empty signal
 * mask, standard input and output on `io`, standard error on `errors`; where
 * one is -1, on /dev/null. Returns the pid, or -1 with errno.
 */
pid_t stunnel_spawn(char *const argv[], int io, int errors);

/*
 * Runs argv[0] and waits for it, but not for longer than this; it is a child
 * like others then. Reaps whatever else ends meanwhile. SIGCHLD is blocked.
 */
void stunnel_run(char *const argv[], int milliseconds);

/*
 * Ends every child and waits until none is left: first by the command `stop`
 * (NULL: none), whose way is the gentle one, then by SIGTERM, then by SIGKILL.
 * SIGCHLD is blocked; it is the only signal that this takes.
 */
void stunnel_end_children(char *const stop[]);

/* Calls `visit` for each child, as the kernel lists them. */
void stunnel_visit_children(void (*visit)(pid_t pid, void *with), void *with);

/* Milliseconds of CLOCK_MONOTONIC. */
long long stunnel_now(void);

#endif
