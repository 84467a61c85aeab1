/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tap: runs test cases and prints what came of them in the Test Anything Protocol.
 *
 * Each case runs in a process of its own, some of them at a time. That process
 * is the subreaper of all it starts, so that a case which leaves a process
 * behind, or a descriptor open, fails.
 */
#ifndef STUNNEL_TAP_H
#define STUNNEL_TAP_H

#include <stdbool.h>
#include <stddef.h>

struct tap_case {
	const char *name;
	void (*run)(void);
	bool varies;
};

#define TAP_CASE(function) { #function, function, false }

/* A variation runs no code that other cases do not. It is left out under valgrind, for its time. */
#define TAP_VARIATION(function) { #function, function, true }

/* Runs all cases, or the one that argv[1] names. Returns main()'s status. */
int tap_main(int argc, char *argv[], const struct tap_case *cases, size_t count);

#define TAP_MAIN(cases) \
	int main(int argc, char *argv[]) \
	{ \
		return tap_main(argc, argv, cases, sizeof(cases) / sizeof((cases)[0])); \
	}

/* An empty directory of this case, removed when the program ends. */
const char *tap_directory(void);

/* Ends the case. */
_Noreturn void tap_fail(const char *file, int line, const char *what);
_Noreturn void tap_skip(const char *why);

#define CHECK(condition) ((condition) ? (void)0 : tap_fail(__FILE__, __LINE__, #condition))

/* Waits for a condition that another process makes true. */
#define EVENTUALLY(condition) \
	do { \
		long long tap_end = tap_deadline(); \
		while (!(condition)) \
			tap_breathe(tap_end, __FILE__, __LINE__, #condition); \
	} while (0)

/* What EVENTUALLY() is made of. */
long long tap_deadline(void);
void tap_breathe(long long deadline, const char *file, int line, const char *what);

/* The number of open descriptors of a process; "self" is this one. */
int tap_descriptors(const char *pid);

/* True under valgrind, which has some in every process. */
bool tap_has_own_descriptors(void);

/* A pseudo-random number below `bound`; the seed is told when the case fails. */
unsigned int tap_random(unsigned int bound);

#endif
