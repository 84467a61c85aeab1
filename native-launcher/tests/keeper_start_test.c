/* SPDX-License-Identifier: Apache-2.0 */
/* What the keeper starts with, and hands on to the runtime. */
#include "../src/supervise.h"
#include "installation.h"
#include "launcher.h"
#include "tap.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The environment of the runtime as its report has it. */
static const char *environment(void)
{
	static char text[8192];
	const char *start = strstr(installation_read("report"), "\nenvironment\n");
	const char *end = start ? strstr(start, "\narguments\n") : NULL;

	CHECK(end != NULL);
	(void)snprintf(text, sizeof(text), "%.*s", (int)(end - start), start);
	return text;
}

static int lines_of(const char *text)
{
	int lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

/* A keeper with all that a Slurm process, and a user's environment, could leave it. */
static void start_encumbered(void)
{
	static char program[256], parent[32];
	char *argv[] = { program, (char *)"57", parent, NULL };
	char *env[] = { (char *)"SSH_AUTH_SOCK=/tmp/agent", (char *)"KRB5CCNAME=FILE:/tmp/k",
			(char *)"JAVA_TOOL_OPTIONS=-agentpath:/x", (char *)"_JAVA_OPTIONS=-Xint",
			(char *)"JDK_JAVA_OPTIONS=-Xint", (char *)"CLASSPATH=/x",
			(char *)"LD_LIBRARY_PATH=/x", (char *)"PATH=/x", (char *)"HOME=/x",
			(char *)"BASH_ENV=/x", (char *)"IFS=x", (char *)"SLURM_CONF=/x", NULL };
	struct rlimit files;
	sigset_t all;
	int pair[2];

	(void)snprintf(program, sizeof(program), "%s", installation_path("libexec/stunnel-keeper"));
	(void)snprintf(parent, sizeof(parent), "%ld", (long)getpid());
	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	keeper = (struct stunnel_keeper){ .pid = fork(), .channel = pair[0] };
	if (keeper.pid == 0) {
		for (int i = 0; i < 50; i++)
			CHECK(open("/etc/passwd", O_RDONLY) >= 0);
		CHECK(dup2(pair[1], 57) == 57);
		/* As `srun <&- >&-` has none of them. */
		CHECK(close(STDIN_FILENO) == 0 && close(STDOUT_FILENO) == 0);
		CHECK(sigfillset(&all) == 0 && sigprocmask(SIG_SETMASK, &all, NULL) == 0);
		CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR && signal(SIGTERM, SIG_IGN) != SIG_ERR);
		CHECK(chdir("/usr") == 0 && getrlimit(RLIMIT_NOFILE, &files) == 0);
		files.rlim_cur = 100;
		CHECK(setrlimit(RLIMIT_NOFILE, &files) == 0);
		(void)execve(program, argv, env);
		_exit(127);
	}
	CHECK(close(pair[1]) == 0);
}

static unsigned long long blocked_by(const char *pid)
{
	unsigned long long blocked = 0;
	char path[64], line[128];
	FILE *status;

	(void)snprintf(path, sizeof(path), "/proc/%s/status", pid);
	status = fopen(path, "re");
	CHECK(status);
	while (fgets(line, sizeof(line), status))
		(void)sscanf(line, "SigBlk: %llx", &blocked);
	CHECK(fclose(status) == 0);
	return blocked;
}

static void the_runtime_inherits_nothing(void)
{
	const unsigned long long ordinary = 0x7ffbfeff;
	unsigned long soft, hard, ignored;
	const char *report;
	char pid[16];

	installation_make(STUNNEL_KEEPER);
	installation_script(0, TAKE "report\nsay answer=ok\n" EOF_);
	start_encumbered();
	ask("check");
	CHECK(is_answered("ok"));
	(void)snprintf(pid, sizeof(pid), "%ld", (long)keeper.pid);
	/* . and .., 0 to 3, the signals, the runtime. */
	CHECK(tap_descriptors(pid) == 8 || tap_has_own_descriptors());
	CHECK(installation_count("report", "fd 0 socket:") == 1);
	CHECK(installation_count("report", "fd 1 socket:") == 1);
	CHECK(installation_count("report", "fd 2 /dev/null") == 1);
	report = installation_read("report");
	CHECK(!strstr(report, "fd 3 "));
	CHECK(installation_count("report", "cwd /") == 1);
	CHECK(installation_count("report", "umask 077") == 1);
	CHECK(installation_count("report", "session the parent's") == 1);
	CHECK(strstr(report, "\nSigBlk:\t0000000000000000\n"));
	/* 32 and 33 are the C library's own, which it lets nobody touch. */
	CHECK(sscanf(strstr(report, "\nSigIgn:"), " SigIgn: %lx", &ignored) == 1);
	CHECK((ignored & ~0x180000000UL) == 0);
	CHECK(strstr(report, "\nNoNewPrivs:\t0\n"));
	CHECK(installation_count("report", "SSH_AUTH_SOCK=/tmp/agent") == 1);
	CHECK(installation_count("report", "KRB5CCNAME=FILE:/tmp/k") == 1);
	CHECK(installation_count("report", "PATH=/usr/local/bin:/usr/bin:/bin") == 1);
	CHECK(installation_count("report", "LANG=C.UTF-8") == 1);
	CHECK(strstr(environment(), "\nHOME=/") && strstr(environment(), "\nUSER="));
	CHECK(strstr(environment(), "\nLOGNAME="));
	/* The label, and these seven. */
	CHECK(lines_of(environment()) == 8);
	CHECK(sscanf(strstr(report, "\nMax core"), " Max core file size %lu %lu", &soft,
		     &hard) == 2);
	CHECK(soft == 0 && hard == 0);
	CHECK(sscanf(strstr(report, "\nMax open"), " Max open files %lu %lu", &soft, &hard) == 2);
	CHECK(soft == hard && hard > 100);
	/* No signal, of 1 to 31, does anything to it but SIGKILL, SIGSTOP and those that it reads of. */
	CHECK((blocked_by(pid) & ordinary) == ordinary || tap_has_own_descriptors());
	stunnel_keeper_hang_up(&keeper);
	ends();
}

static void the_runtime_gets_no_variable_that_nobody_named(void)
{
	CHECK(setenv("LD_PRELOAD", "/nowhere.so", 1) == 0);
	CHECK(setenv("JAVA_TOOL_OPTIONS", "-agentpath:/x", 1) == 0);
	CHECK(setenv("SSH_AUTH_SOCK", "/x", 1) == 0);
	begin(STUNNEL_KEEPER, TAKE "report\nsay answer=ok\n" EOF_);
	ask("check");
	CHECK(is_answered("ok"));
	CHECK(lines_of(environment()) == 6);
	CHECK(!strstr(environment(), "LD_PRELOAD") && !strstr(environment(), "SSH_AUTH_SOCK"));
	stunnel_keeper_hang_up(&keeper);
	ends();
}

/* What the launcher hears of a keeper that ends before it has read a word. */
static void is_told(const char *reason)
{
	CHECK(!is_answered("") && strstr(error, reason));
	stunnel_keeper_hang_up(&keeper);
	stunnel_record_free(&answer);
	stunnel_keeper_reap(&keeper);
}

static void a_user_whom_the_host_does_not_know_is_told_so(void)
{
	pid_t pid;
	int status;

	if (geteuid() != 0)
		tap_skip("needs root, to be another user");
	installation_make(STUNNEL_KEEPER);
	pid = fork();
	if (pid == 0) {
		CHECK(setresuid(4000000000U, 4000000000U, 4000000000U) == 0);
		start_keeper(STUNNEL_CHILD);
		is_told("this host knows no user with your number");
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

static void a_user_directory_that_hangs_is_given_up(void)
{
	const char *fifo;

	if (geteuid() != 0)
		tap_skip("needs root, to have an /etc/passwd of its own");
	installation_make(STUNNEL_HASTY_KEEPER);
	fifo = installation_path("passwd");
	/* Opened by a reader, it waits for a writer that never comes. */
	CHECK(mkfifo(fifo, 0644) == 0 && unshare(CLONE_NEWNS) == 0);
	CHECK(mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0);
	CHECK(mount(fifo, "/etc/passwd", "none", MS_BIND, NULL) == 0);
	start_keeper(STUNNEL_CHILD);
	is_told("the user directory of this host does not answer");
	CHECK(umount("/etc/passwd") == 0);
}

static void nobody_starts_it_by_hand(void)
{
	static const char *const arguments[][2] = {
		{ "x", "0" }, { "3", "-1" }, { "3", "1x" }, { "-3", "0" }, { "99999999999", "0" }
	};
	char *none[] = { (char *)STUNNEL_KEEPER, NULL };
	int status;

	CHECK(waitpid(stunnel_spawn(none, -1, -1), &status, 0) > 0);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 2);
	for (size_t i = 0; i < sizeof(arguments) / sizeof(arguments[0]); i++) {
		char *argv[] = { (char *)STUNNEL_KEEPER, (char *)arguments[i][0],
				 (char *)arguments[i][1], NULL };

		CHECK(waitpid(stunnel_spawn(argv, -1, -1), &status, 0) > 0);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 2);
	}
}

/* The kernel tells only of a death that is still to come. */
static void whose_launcher_has_died_already_does_nothing(void)
{
	char channel[16];
	char *argv[] = { (char *)STUNNEL_KEEPER, channel, (char *)"1", NULL };
	int pair[2], status;
	pid_t pid;

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	(void)snprintf(channel, sizeof(channel), "%d", pair[1]);
	CHECK(fcntl(pair[0], F_SETFD, FD_CLOEXEC) == 0);
	pid = stunnel_spawn(argv, -1, -1);
	/* Who heeds that ends well. */
	CHECK(close(pair[0]) == 0 && close(pair[1]) == 0);
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

static const struct tap_case cases[] = {
	TAP_CASE(the_runtime_inherits_nothing),
	TAP_VARIATION(the_runtime_gets_no_variable_that_nobody_named),
	TAP_CASE(a_user_whom_the_host_does_not_know_is_told_so),
	TAP_CASE(a_user_directory_that_hangs_is_given_up),
	TAP_CASE(nobody_starts_it_by_hand),
	TAP_CASE(whose_launcher_has_died_already_does_nothing),
};

TAP_MAIN(cases)
