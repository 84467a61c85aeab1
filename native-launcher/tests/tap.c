/* SPDX-License-Identifier: Apache-2.0 */
#include "tap.h"

#include "../src/supervise.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	AT_A_TIME = 8,	 /* most of them wait most of the time */
	WAIT_MS = 30000, /* for a condition */
	CASE_MS = 90000, /* for a whole case, where a bug would hang it */
	SKIPPED = 77
};

/* One case that runs. pid = 0: none. */
struct running {
	pid_t pid;
	size_t number;
	long long end;
};

static const char *name;
static char root[] = "/tmp/stunnel-test.XXXXXX";
static char directory[sizeof(root) + 24];
static unsigned int seed, state;

const char *tap_directory(void)
{
	return directory;
}

void tap_fail(const char *file, int line, const char *what)
{
	(void)fprintf(stderr, "# %s: %s:%d: not so: %s (errno: %s; TAP_SEED=%u)\n", name, file, line,
		      what, strerror(errno), seed);
	_exit(EXIT_FAILURE);
}

void tap_skip(const char *why)
{
	(void)fprintf(stderr, "# %s: skipped: %s\n", name, why);
	_exit(SKIPPED);
}

long long tap_deadline(void)
{
	return stunnel_now() + WAIT_MS;
}

void tap_breathe(long long deadline, const char *file, int line, const char *what)
{
	const struct timespec pause = { .tv_nsec = 2000000 };

	if (stunnel_now() > deadline)
		tap_fail(file, line, what);
	(void)nanosleep(&pause, NULL);
}

int tap_descriptors(const char *pid)
{
	char path[64];
	DIR *list;
	int count = 0;

	(void)snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	list = opendir(path);
	while (list && readdir(list))
		count++;
	if (list)
		(void)closedir(list);
	return count;
}

bool tap_has_own_descriptors(void)
{
	return getenv("STUNNEL_VALGRIND") != NULL;
}

unsigned int tap_random(unsigned int bound)
{
	/* Numerical Recipes' generator: its high bits are good enough for garbage. */
	state = state * 1664525U + 1013904223U;
	return (state >> 8) % bound;
}

/* All that the case started must end, as the keeper promises for what it starts. */
static bool is_alone(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return errno == ECHILD;
}

static _Noreturn void run_case(const struct tap_case *test, size_t number)
{
	int descriptors;

	name = test->name;
	(void)snprintf(directory, sizeof(directory), "%s/%zu", root, number);
	state = seed;
	CHECK(mkdir(directory, 0755) == 0);
	CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
	if (test->varies && tap_has_own_descriptors())
		tap_skip("is a variation");
	descriptors = tap_descriptors("self");
	test->run();
	EVENTUALLY(is_alone());
	CHECK(tap_descriptors("self") == descriptors);
	/* Not _exit(): the leak checker works at exit. */
	exit(EXIT_SUCCESS);
}

/* A shell has what it runs in the background ignore some of them, and nohup(1) one more. */
static bool reset_signals(void)
{
	static const int numbers[] = { SIGHUP, SIGINT, SIGQUIT, SIGPIPE };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (signal(numbers[i], SIG_DFL) == SIG_ERR)
			return false;
	}
	return true;
}

static void start(struct running *slot, const struct tap_case *cases, size_t number,
		  const sigset_t *mask)
{
	(void)fflush(NULL);
	*slot = (struct running){ .pid = fork(), .number = number, .end = stunnel_now() + CASE_MS };
	if (slot->pid == 0) {
		(void)sigprocmask(SIG_SETMASK, mask, NULL);
		run_case(&cases[number], number);
	}
	if (slot->pid < 0) {
		perror("fork");
		exit(EXIT_FAILURE);
	}
}

static bool tell(const struct tap_case *test, size_t number, int status)
{
	bool skipped = WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED;
	bool ok = skipped || status == 0;

	if (WIFSIGNALED(status))
		(void)fprintf(stderr, "# %s: ended by signal %d\n", test->name, WTERMSIG(status));
	else if (!ok)
		(void)fprintf(stderr, "# %s: ended with status %d\n", test->name,
			      WEXITSTATUS(status));
	(void)printf("%sok %zu - ", ok ? "" : "not ", number + 1);
	for (const char *letter = test->name; *letter; letter++)
		(void)putchar(*letter == '_' ? ' ' : *letter);
	(void)puts(skipped ? " # SKIP" : "");
	return ok;
}

/* Waits for one case to end, kills the one that takes too long. */
static bool wait_for_one(struct running *slots, const struct tap_case *cases)
{
	const struct timespec a_while = { .tv_nsec = 100000000 };
	sigset_t child;
	int status;
	pid_t pid;

	(void)sigemptyset(&child);
	(void)sigaddset(&child, SIGCHLD);
	for (;;) {
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
			for (int i = 0; i < AT_A_TIME; i++) {
				if (slots[i].pid != pid)
					continue;
				slots[i].pid = 0;
				return tell(&cases[slots[i].number], slots[i].number, status);
			}
		}
		for (int i = 0; i < AT_A_TIME; i++) {
			if (slots[i].pid > 0 && stunnel_now() > slots[i].end)
				(void)kill(slots[i].pid, SIGKILL);
		}
		(void)sigtimedwait(&child, NULL, &a_while);
	}
}

/* What a case that failed left running, and what that leaves in turn. */
static void kill_leftovers(void)
{
	char path[64];
	long pid;

	(void)snprintf(path, sizeof(path), "/proc/self/task/%ld/children", (long)getpid());
	for (long long end = stunnel_now() + WAIT_MS; !is_alone() && stunnel_now() < end;) {
		FILE *children = fopen(path, "re");

		while (children && fscanf(children, "%ld", &pid) == 1)
			(void)kill((pid_t)pid, SIGKILL);
		if (children)
			(void)fclose(children);
	}
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status;
	(void)kind;
	(void)where;
	return remove(path);
}

static bool wanted(int argc, char *argv[], const char *test)
{
	return argc < 2 || strcmp(argv[1], test) == 0;
}

int tap_main(int argc, char *argv[], const struct tap_case *cases, size_t count)
{
	struct running slots[AT_A_TIME] = { { 0 } };
	const char *given = getenv("TAP_SEED");
	size_t next = 0, running = 0, failed = 0;
	sigset_t child, before;

	seed = given ? (unsigned int)strtoul(given, NULL, 10) : (unsigned int)time(NULL);
	(void)sigemptyset(&child);
	(void)sigaddset(&child, SIGCHLD);
	if (!reset_signals() || sigprocmask(SIG_BLOCK, &child, &before) != 0 ||
	    prctl(PR_SET_CHILD_SUBREAPER, 1) != 0 || !mkdtemp(root) || chmod(root, 0755) != 0) {
		perror(root);
		return EXIT_FAILURE;
	}
	(void)printf("1..%zu\n", count);
	for (;;) {
		for (int i = 0; i < AT_A_TIME; i++) {
			while (next < count && !wanted(argc, argv, cases[next].name))
				next++;
			if (slots[i].pid != 0 || next == count)
				continue;
			start(&slots[i], cases, next++, &before);
			running++;
		}
		if (running == 0)
			break;
		failed += wait_for_one(slots, cases) ? 0 : 1;
		running--;
	}
	kill_leftovers();
	(void)nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
