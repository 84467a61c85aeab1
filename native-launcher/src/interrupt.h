/* SPDX-License-Identifier: Apache-2.0 */
/*
 * interrupt: lets a signal that asks a command to end also end a wait of ours.
 *
 * srun 22.05 blocks these signals in all of its threads and takes them in one
 * of them, which would let our wait go on. The kernel prefers a thread that
 * does not block them: the main one, in which the hook runs, before others.
 */
#ifndef STUNNEL_INTERRUPT_H
#define STUNNEL_INTERRUPT_H

#include <signal.h>

/* SIGHUP, SIGINT, SIGQUIT and SIGTERM. */
enum { STUNNEL_INTERRUPTS = 4 };

/* How this thread and this process took these signals before. */
struct stunnel_interrupt {
	sigset_t mask;
	struct sigaction actions[STUNNEL_INTERRUPTS];
};

/* From here on the signals end waits, except those that the process ignores. */
void stunnel_interrupt_begin(struct stunnel_interrupt *interrupt);

/* Gives the signals back. Returns the first one that came meanwhile, 0: none. */
int stunnel_interrupt_end(const struct stunnel_interrupt *interrupt);

/*
 * Waits until `fd` has something to read, or its end. Returns 0, or -1 with
 * errno: EINTR when a signal has come since stunnel_interrupt_begin().
 */
int stunnel_interrupt_wait(int fd);

#endif
