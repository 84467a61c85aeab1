/* SPDX-License-Identifier: Apache-2.0 */
#include "interrupt.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* A signal that comes just before the wait, or to another thread, is seen after so long. */
enum { LOOK_MS = 100 };

static const int signals[STUNNEL_INTERRUPTS] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };

static atomic_bool heeded;
static atomic_int came;

static void note(int number)
{
	int none = 0;

	(void)atomic_compare_exchange_strong(&came, &none, number);
}

void stunnel_interrupt_begin(struct stunnel_interrupt *interrupt)
{
	/* Calls of Slurm's other threads go on where they were. */
	struct sigaction action = { .sa_handler = note, .sa_flags = SA_RESTART };
	sigset_t open;

	atomic_store(&came, 0);
	atomic_store(&heeded, true);
	(void)sigemptyset(&action.sa_mask);
	(void)sigemptyset(&open);
	for (int i = 0; i < STUNNEL_INTERRUPTS; i++) {
		(void)sigaction(signals[i], NULL, &interrupt->actions[i]);
		if (interrupt->actions[i].sa_handler == SIG_IGN)
			continue; /* nohup, or a shell's background job */
		(void)sigaction(signals[i], &action, NULL);
		(void)sigaddset(&open, signals[i]);
	}
	(void)pthread_sigmask(SIG_UNBLOCK, &open, &interrupt->mask);
}

int stunnel_interrupt_end(const struct stunnel_interrupt *interrupt)
{
	(void)pthread_sigmask(SIG_SETMASK, &interrupt->mask, NULL);
	for (int i = 0; i < STUNNEL_INTERRUPTS; i++)
		(void)sigaction(signals[i], &interrupt->actions[i], NULL);
	atomic_store(&heeded, false);
	/* Only now: none can come any more that would get lost. */
	return atomic_load(&came);
}

int stunnel_interrupt_wait(int fd)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	int ready;

	do {
		if (atomic_load(&heeded) && atomic_load(&came) != 0) {
			errno = EINTR;
			return -1;
		}
		ready = poll(&readable, 1, atomic_load(&heeded) ? LOOK_MS : -1);
	} while (ready == 0 || (ready < 0 && errno == EINTR));
	return ready > 0 ? 0 : -1;
}
