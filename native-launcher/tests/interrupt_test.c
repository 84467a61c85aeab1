/* SPDX-License-Identifier: Apache-2.0 */
#include "../src/interrupt.h"

#include "tap.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static atomic_int taken, taker_number;

static void handle(int number)
{
	(void)number;
}

/* As srun 22.05: all threads block them, and this one takes them. */
static void *take_signals(void *none)
{
	sigset_t two;
	int number;

	(void)none;
	atomic_store(&taker_number, gettid());
	CHECK(sigemptyset(&two) == 0);
	CHECK(sigaddset(&two, SIGINT) == 0 && sigaddset(&two, SIGTERM) == 0);
	CHECK(sigwait(&two, &number) == 0);
	atomic_store(&taken, number);
	return NULL;
}

/* While a thread waits for signals, the kernel has them unblocked in it. */
static bool is_waited_for(int signal)
{
	char path[64], line[128];
	unsigned long blocked = ~0UL;
	FILE *status;

	(void)snprintf(path, sizeof(path), "/proc/self/task/%d/status", atomic_load(&taker_number));
	status = fopen(path, "re");
	while (status && fgets(line, sizeof(line), status))
		(void)sscanf(line, "SigBlk: %lx", &blocked);
	if (status)
		(void)fclose(status);
	return (blocked & (1UL << (signal - 1))) == 0;
}

/* From another process, for whichever thread the kernel chooses. */
static void send_soon(int number)
{
	pid_t parent = getpid();

	if (fork() == 0)
		_exit(kill(parent, number) == 0 ? 0 : 1);
}

static void a_signal_ends_the_wait_though_another_thread_takes_such(void)
{
	struct stunnel_interrupt interrupt;
	struct sigaction action;
	sigset_t all, mask;
	pthread_t taker;
	int ends[2];

	CHECK(pipe(ends) == 0 && signal(SIGINT, handle) != SIG_ERR);
	CHECK(sigfillset(&all) == 0 && pthread_sigmask(SIG_BLOCK, &all, NULL) == 0);
	CHECK(pthread_create(&taker, NULL, take_signals, NULL) == 0);
	EVENTUALLY(is_waited_for(SIGINT));
	for (int i = 0; i < 5; i++) {
		stunnel_interrupt_begin(&interrupt);
		send_soon(SIGINT);
		CHECK(stunnel_interrupt_wait(ends[0]) == -1 && errno == EINTR);
		CHECK(stunnel_interrupt_end(&interrupt) == SIGINT);
		CHECK(atomic_load(&taken) == 0);
	}
	/* And afterwards it is as if nothing had been. */
	CHECK(pthread_sigmask(SIG_SETMASK, NULL, &mask) == 0 && sigismember(&mask, SIGINT) == 1);
	CHECK(sigaction(SIGINT, NULL, &action) == 0 && action.sa_handler == handle);
	CHECK(kill(getpid(), SIGTERM) == 0 && pthread_join(taker, NULL) == 0);
	CHECK(atomic_load(&taken) == SIGTERM);
	CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}

static void a_signal_that_comes_first_is_not_lost(void)
{
	struct stunnel_interrupt interrupt;
	int ends[2];

	CHECK(pipe(ends) == 0);
	stunnel_interrupt_begin(&interrupt);
	CHECK(raise(SIGTERM) == 0 && raise(SIGHUP) == 0);
	CHECK(stunnel_interrupt_wait(ends[0]) == -1 && errno == EINTR);
	CHECK(stunnel_interrupt_end(&interrupt) == SIGTERM);
	/* The next one begins anew. */
	stunnel_interrupt_begin(&interrupt);
	CHECK(close(ends[1]) == 0 && stunnel_interrupt_wait(ends[0]) == 0);
	CHECK(stunnel_interrupt_end(&interrupt) == 0 && close(ends[0]) == 0);
}

static void *get_a_signal(void *none)
{
	/* By then the other thread waits, most of the times. */
	(void)usleep(50000);
	CHECK(pthread_kill(pthread_self(), SIGINT) == 0);
	return none;
}

static void a_signal_that_another_thread_gets_ends_the_wait(void)
{
	struct stunnel_interrupt interrupt;
	pthread_t other;
	int ends[2];

	CHECK(pipe(ends) == 0);
	stunnel_interrupt_begin(&interrupt);
	CHECK(pthread_create(&other, NULL, get_a_signal, NULL) == 0);
	CHECK(stunnel_interrupt_wait(ends[0]) == -1 && errno == EINTR);
	CHECK(stunnel_interrupt_end(&interrupt) == SIGINT);
	CHECK(pthread_join(other, NULL) == 0 && close(ends[0]) == 0 && close(ends[1]) == 0);
}

static void a_signal_that_is_ignored_stays_so(void)
{
	struct stunnel_interrupt interrupt;
	int ends[2];

	CHECK(pipe(ends) == 0 && signal(SIGHUP, SIG_IGN) != SIG_ERR);
	stunnel_interrupt_begin(&interrupt);
	CHECK(raise(SIGHUP) == 0 && write(ends[1], "x", 1) == 1);
	CHECK(stunnel_interrupt_wait(ends[0]) == 0);
	CHECK(stunnel_interrupt_end(&interrupt) == 0);
	CHECK(signal(SIGHUP, SIG_DFL) == SIG_IGN);
	CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}

static void a_descriptor_is_awaited_without_any_signal(void)
{
	int ends[2];

	CHECK(pipe(ends) == 0 && write(ends[1], "x", 1) == 1);
	CHECK(stunnel_interrupt_wait(ends[0]) == 0);
	CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}

static const struct tap_case cases[] = {
	TAP_VARIATION(a_signal_ends_the_wait_though_another_thread_takes_such),
	TAP_CASE(a_signal_that_comes_first_is_not_lost),
	TAP_CASE(a_signal_that_another_thread_gets_ends_the_wait),
	TAP_CASE(a_signal_that_is_ignored_stays_so),
	TAP_CASE(a_descriptor_is_awaited_without_any_signal),
};

TAP_MAIN(cases)
