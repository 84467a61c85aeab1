/* SPDX-License-Identifier: Apache-2.0 */
#include "../src/supervise.h"

#include "../src/descriptors.h"
#include "installation.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* As the keeper does: signals wait until somebody asks for them. */
static void block_signals(void)
{
	sigset_t all;

	CHECK(sigfillset(&all) == 0 && sigprocmask(SIG_SETMASK, &all, NULL) == 0);
}

static bool is_childless(void)
{
	return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD;
}

/* --- children ------------------------------------------------------------ */

/* What a child does at SIGTERM, besides leaving the file "term". */
enum temper { MEEK, STUBBORN };

static _Noreturn void live(enum temper temper)
{
	sigset_t term;
	int signal;

	(void)sigemptyset(&term);
	(void)sigaddset(&term, SIGTERM);
	installation_write("ready", "");
	for (;;) {
		(void)sigwait(&term, &signal);
		installation_write("term", "");
		if (temper == MEEK)
			_exit(0);
	}
}

/* `depth` generations, of which only the last one lives on as said. */
static void start_child(int depth, enum temper temper)
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		if (depth > 1)
			start_child(depth - 1, temper);
		else
			live(temper);
		_exit(0);
	}
}

static void start_a_few(enum temper temper, int depth)
{
	block_signals();
	start_child(depth, temper);
	EVENTUALLY(installation_has("ready"));
}

/* A command line that leaves the file "stopped" and then does `rest`. */
static char **stop_command(const char *rest)
{
	static char script[512];
	static char *argv[] = { (char *)"sh", (char *)"-c", script, NULL };

	(void)snprintf(script, sizeof(script), ": >%s; %s", installation_path("stopped"), rest);
	return argv;
}

static char *children_of(pid_t pid)
{
	static char list[256];
	char path[64];
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", (long)pid, (long)pid);
	file = fopen(path, "re");
	CHECK(file != NULL);
	if (!fgets(list, sizeof(list), file))
		list[0] = '\0';
	CHECK(fclose(file) == 0);
	return list;
}

/* --- ending children ------------------------------------------------------ */

static void nothing_to_end_is_soon_done(void)
{
	block_signals();
	stunnel_end_children(NULL);
	CHECK(is_childless());
	stunnel_end_children(stop_command("true"));
	CHECK(is_childless() && installation_has("stopped"));
}

static void the_stop_command_suffices(void)
{
	char kill_it[64];

	start_a_few(STUBBORN, 1);
	(void)snprintf(kill_it, sizeof(kill_it), "kill -KILL %ld",
		       strtol(children_of(getpid()), NULL, 10));
	stunnel_end_children(stop_command(kill_it));
	CHECK(is_childless());
	CHECK(installation_has("stopped") && !installation_has("term"));
}

static void a_failing_stop_command_is_followed_by_sigterm(void)
{
	start_a_few(MEEK, 1);
	stunnel_end_children(stop_command("exit 255"));
	CHECK(is_childless() && installation_has("stopped") && installation_has("term"));
}

static void a_missing_stop_command_is_followed_by_sigterm(void)
{
	char *argv[] = { (char *)installation_path("nowhere"), NULL };

	start_a_few(MEEK, 1);
	stunnel_end_children(argv);
	CHECK(is_childless() && installation_has("term"));
}

static void a_stop_command_that_changes_nothing_is_followed_by_sigterm(void)
{
	start_a_few(MEEK, 1);
	stunnel_end_children(stop_command("true"));
	CHECK(is_childless() && installation_has("stopped") && installation_has("term"));
}

static void a_stop_command_that_hangs_ends_too(void)
{
	start_a_few(MEEK, 1);
	stunnel_end_children(stop_command("trap '' TERM; while :; do sleep 60; done"));
	CHECK(is_childless() && installation_has("stopped") && installation_has("term"));
}

static void who_ignores_sigterm_is_killed(void)
{
	start_a_few(STUBBORN, 1);
	stunnel_end_children(NULL);
	CHECK(is_childless() && installation_has("term"));
}

static void who_is_stopped_is_killed(void)
{
	start_a_few(MEEK, 1);
	CHECK(kill((pid_t)strtol(children_of(getpid()), NULL, 10), SIGSTOP) == 0);
	stunnel_end_children(NULL);
	CHECK(is_childless());
}

static void descendants_that_daemonised_end_too(void)
{
	start_a_few(STUBBORN, 3);
	stunnel_end_children(NULL);
	CHECK(is_childless());
}

/* Each generation waits for its child, so that only the first one is our child. */
static void start_chain(int depth)
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid > 0)
		return;
	if (depth == 1)
		live(STUBBORN);
	start_chain(depth - 1);
	for (;;)
		(void)pause();
}

static void a_chain_of_processes_ends_link_by_link(void)
{
	block_signals();
	start_chain(4);
	EVENTUALLY(installation_has("ready"));
	stunnel_end_children(NULL);
	CHECK(is_childless());
}

static void an_order_to_end_is_not_lost_meanwhile(void)
{
	sigset_t pending;

	start_a_few(STUBBORN, 1);
	CHECK(kill(getpid(), SIGTERM) == 0);
	stunnel_end_children(stop_command("true"));
	CHECK(is_childless());
	CHECK(sigpending(&pending) == 0 && sigismember(&pending, SIGTERM) == 1);
}

/* --- spawning ------------------------------------------------------------- */

static int status_of(pid_t pid)
{
	int status = -1;

	CHECK(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void a_program_that_is_not_there_exits_with_127(void)
{
	char *argv[] = { (char *)"/nowhere/ssh", NULL };

	CHECK(status_of(stunnel_spawn(argv, -1, -1)) == 127);
}

/* A damaged program, or one of another machine: to execvp() it is a script. */
static void what_is_no_program_is_given_to_no_shell(void)
{
	static const char script[] = "exit 3\n";
	char *argv[] = { (char *)installation_path("damaged"), NULL };
	int fd = open(argv[0], O_CREAT | O_WRONLY | O_CLOEXEC, 0755);

	CHECK(write(fd, script, sizeof(script) - 1) == sizeof(script) - 1 && close(fd) == 0);
	CHECK(status_of(stunnel_spawn(argv, -1, -1)) == 127);
	CHECK(setenv("PATH", tap_directory(), 1) == 0);
	argv[0] = (char *)"damaged";
	CHECK(status_of(stunnel_spawn(argv, -1, -1)) == 127);
}

static void a_program_is_looked_up(void)
{
	char *argv[] = { (char *)"true", NULL };

	CHECK(setenv("PATH", "/nowhere::/bin", 1) == 0);
	CHECK(status_of(stunnel_spawn(argv, -1, -1)) == 0);
	CHECK(setenv("PATH", "/nowhere", 1) == 0);
	CHECK(status_of(stunnel_spawn(argv, -1, -1)) == 127);
}

static void a_program_starts_with_its_signals_unblocked(void)
{
	char *argv[] = { (char *)"grep", (char *)"-q", (char *)"^SigBlk:\t0*$",
			 (char *)"/proc/self/status", NULL };

	block_signals();
	CHECK(status_of(stunnel_spawn(argv, -1, -1)) == 0);
}

static void a_program_talks_where_it_is_told(void)
{
	char *argv[] = { (char *)"sh", (char *)"-c",
			 (char *)"read line && echo \"got $line\" && echo unheard >&2", NULL };
	char answer[32] = "";
	int pair[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	CHECK(write(pair[0], "this\n", 5) == 5);
	CHECK(status_of(stunnel_spawn(argv, pair[1], -1)) == 0);
	CHECK(close(pair[1]) == 0);
	CHECK(read(pair[0], answer, sizeof(answer) - 1) == 9 && strcmp(answer, "got this\n") == 0);
	CHECK(close(pair[0]) == 0);
}

static void a_program_gets_null_otherwise(void)
{
	char *argv[] = { (char *)"sh", (char *)"-c",
			 (char *)"for i in 0 1 2; do "
				 "test /proc/self/fd/$i -ef /dev/null || exit 1; done",
			 NULL };

	CHECK(status_of(stunnel_spawn(argv, -1, -1)) == 0);
}

/* --- descriptors ---------------------------------------------------------- */

enum { MANY = 300 };

/* In a process of its own: the case needs its descriptors. Returns the exit status. */
static int close_all_but(int first, void (*before)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		int highest = 0;

		for (int i = 0; i < MANY; i++)
			highest = open("/dev/null", O_RDONLY | O_CLOEXEC);
		if (before)
			before();
		if (highest < MANY || stunnel_close_from(first) != 0)
			_exit(1);
		for (int fd = 0; fd < highest + 1; fd++) {
			if ((fcntl(fd, F_GETFD) != -1) != (fd < first))
				_exit(2);
		}
		_exit(0);
	}
	return status_of(pid);
}

static void descriptors_are_closed_from_a_number_on(void)
{
	CHECK(close_all_but(3, NULL) == 0);
	CHECK(close_all_but(40, NULL) == 0);
}

/* As a kernel does that has no close_range(). */
static void forbid_close_range(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close_range, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

static void an_old_kernel_closes_them_one_by_one(void)
{
	CHECK(close_all_but(3, forbid_close_range) == 0);
	CHECK(close_all_but(40, forbid_close_range) == 0);
}

static const struct tap_case cases[] = {
	TAP_CASE(nothing_to_end_is_soon_done),
	TAP_CASE(the_stop_command_suffices),
	TAP_CASE(a_failing_stop_command_is_followed_by_sigterm),
	TAP_CASE(a_missing_stop_command_is_followed_by_sigterm),
	TAP_CASE(a_stop_command_that_changes_nothing_is_followed_by_sigterm),
	TAP_CASE(a_stop_command_that_hangs_ends_too),
	TAP_CASE(who_ignores_sigterm_is_killed),
	TAP_CASE(who_is_stopped_is_killed),
	TAP_CASE(descendants_that_daemonised_end_too),
	TAP_CASE(a_chain_of_processes_ends_link_by_link),
	TAP_CASE(an_order_to_end_is_not_lost_meanwhile),
	TAP_CASE(a_program_that_is_not_there_exits_with_127),
	TAP_CASE(what_is_no_program_is_given_to_no_shell),
	TAP_CASE(a_program_is_looked_up),
	TAP_CASE(a_program_starts_with_its_signals_unblocked),
	TAP_CASE(a_program_talks_where_it_is_told),
	TAP_CASE(a_program_gets_null_otherwise),
	TAP_CASE(descriptors_are_closed_from_a_number_on),
	TAP_CASE(an_old_kernel_closes_them_one_by_one),
};

TAP_MAIN(cases)
