/* SPDX-License-Identifier: Apache-2.0 */
/* How the keeper is found and started; the peer plays it. */
#include "../src/supervise.h"
#include "installation.h"
#include "played.h"
#include "tap.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MANY = 50 };

/* Environment of the user, as a Slurm process would look it up. */
static char *look_up(void *where, const char *name)
{
	char value[64];

	(void)snprintf(value, sizeof(value), "%s of %s", name, (const char *)where);
	return strdup(value);
}

/* --- the prefix ------------------------------------------------------------ */

/* This program, started as PREFIX/lib/launch_test, tells the prefix it finds. */
static int tell_prefix(size_t size)
{
	char prefix[PATH_MAX];

	(void)puts(stunnel_launch_prefix(prefix, size, error) == 0 ? prefix : error);
	return EXIT_SUCCESS;
}

static const char *prefix_told(const char *size)
{
	static char answer[2 * STUNNEL_ERROR_MAX];
	char *argv[] = { (char *)installation_path("lib/launch_test"), (char *)"prefix",
			 (char *)size, NULL };
	int pair[2];
	ssize_t count;

	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	CHECK(stunnel_spawn(argv, pair[1], -1) > 0 && close(pair[1]) == 0);
	count = read(pair[0], answer, sizeof(answer) - 1);
	CHECK(count > 0 && close(pair[0]) == 0);
	answer[count - 1] = '\0';
	return answer;
}

static void the_prefix_is_found_from_the_librarys_path(void)
{
	char self[PATH_MAX];
	ssize_t size = readlink("/proc/self/exe", self, sizeof(self) - 1);

	CHECK(size > 0);
	self[size] = '\0';
	/* The keeper is not looked into here, and the copy is the library. */
	installation_make(self);
	CHECK(rename(installation_path("libexec/stunnel-keeper"),
		     installation_path("lib/launch_test")) == 0);
	CHECK(strstr(prefix_told("4096"), "/libexec/stunnel-keeper: No such file or directory"));
	CHECK(symlink(installation_path("libexec/java"),
		      installation_path("libexec/stunnel-keeper")) == 0);
	CHECK(strcmp(prefix_told("4096"), tap_directory()) == 0);
	CHECK(strstr(prefix_told("8"), "File name too long"));
}

static void a_plugin_that_was_copied_away_says_so(void)
{
	char prefix[PATH_MAX];

	/* This program, where it was built. */
	CHECK(stunnel_launch_prefix(prefix, sizeof(prefix), error) == -1);
	CHECK(strncmp(error, "cannot run /", 12) == 0);
	CHECK(strstr(error, "link it, do not copy it"));
}

/* --- starting --------------------------------------------------------------- */

/* Those that the process blocks that told of itself, as kernels count: signal 1 is bit 0. */
static unsigned long long blocked(void)
{
	const char *line = strstr(installation_read("report"), "\nSigBlk:");
	unsigned long long set = 0;

	CHECK(line && sscanf(line, " SigBlk: %llx", &set) == 1);
	return set;
}

static void a_keeper_gets_its_channel_and_nothing_else(void)
{
	/* 1 to 31 without SIGKILL and SIGSTOP. */
	const unsigned long long ordinary = 0x7ffbfeff;
	struct stunnel_keeper keeper;
	int many[MANY][2];
	char parent[32];
	int fds = 0;

	/* Of those some live on through exec, as Slurm's do. */
	for (int i = 0; i < MANY; i++)
		CHECK(pipe(many[i]) == 0);
	CHECK(setenv("LD_PRELOAD_OF_A_USER", "1", 1) == 0);
	keeper = started("report\neof\n");
	EVENTUALLY(installation_count("report", "end") == 1);
	for (const char *at = installation_read("report"); (at = strstr(at, "\nfd ")); at++)
		fds++;
	/* None is before the first line. */
	CHECK(fds + 1 == 4 || tap_has_own_descriptors());
	CHECK(installation_count("report", "fd 3 socket:") == 1);
	CHECK(!strstr(installation_read("report"), "LD_PRELOAD_OF_A_USER"));
	/* No handler of Slurm's can have run in it before the exec. */
	CHECK((blocked() & ordinary) == ordinary);
	(void)snprintf(parent, sizeof(parent), "%ld", (long)getpid());
	CHECK(installation_count("report", "3") == 1 && installation_count("report", parent) == 1);
	for (int i = 0; i < MANY; i++)
		CHECK(close(many[i][0]) == 0 && close(many[i][1]) == 0);
	ended(&keeper);
}

static void a_keeper_starts_where_standard_streams_are_closed(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct stunnel_keeper keeper;

		for (int fd = 0; fd < 2; fd++)
			(void)close(fd);
		keeper = started("take\nsay answer=ok\neof\n");
		CHECK(keeper.channel > STDERR_FILENO);
		send_request(&keeper, NULL);
		ended(&keeper);
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	CHECK(installation_count("requests", "request=open") == 1);
}

/* What srun's task prints must not end its tunnel. */
static void a_lifeline_is_no_standard_stream(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct stunnel_lifeline lifeline = STUNNEL_NO_LIFELINE;

		for (int fd = 0; fd < 2; fd++)
			(void)close(fd);
		CHECK(stunnel_lifeline_open(&lifeline) == 0);
		CHECK(lifeline.owner > STDERR_FILENO && lifeline.keeper > STDERR_FILENO);
		CHECK((fcntl(lifeline.owner, F_GETFD) & FD_CLOEXEC) != 0);
		CHECK((fcntl(lifeline.keeper, F_GETFD) & FD_CLOEXEC) != 0);
		CHECK(fcntl(0, F_GETFD) == -1 && fcntl(1, F_GETFD) == -1);
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

static void a_keeper_gets_what_ssh_needs_to_log_in(void)
{
	struct stunnel_keeper keeper = STUNNEL_NO_KEEPER;

	installation_make(STUNNEL_PEER);
	installation_script(0, "report\neof\n");
	CHECK(setenv("SSH_AUTH_SOCK", "not this one", 1) == 0);
	CHECK(stunnel_keeper_start(&keeper, tap_directory(), STUNNEL_CHILD, NULL, look_up,
				   (void *)"alice", error) == 0);
	EVENTUALLY(installation_count("report", "end") == 1);
	CHECK(installation_count("report", "SSH_AUTH_SOCK=SSH_AUTH_SOCK of alice") == 1);
	CHECK(installation_count("report", "KRB5CCNAME=KRB5CCNAME of alice") == 1);
	CHECK(!strstr(installation_read("report"), "not this one"));
	CHECK(!strstr(installation_read("report"), "\nPATH="));
	ended(&keeper);
}

static void signals_are_left_as_they_were(void)
{
	struct stunnel_keeper keeper;
	sigset_t before, after;

	CHECK(sigemptyset(&before) == 0 && sigaddset(&before, SIGUSR2) == 0);
	CHECK(sigprocmask(SIG_SETMASK, &before, NULL) == 0);
	keeper = started("eof\n");
	CHECK(sigprocmask(SIG_SETMASK, NULL, &after) == 0);
	for (int signal = 1; signal < NSIG; signal++)
		CHECK(sigismember(&after, signal) == sigismember(&before, signal));
	ended(&keeper);
}

static void root_becomes_the_user_in_every_respect(void)
{
	const struct stunnel_user user = { .uid = NOBODY, .gid = NOBODY - 1 };
	struct stunnel_keeper keeper = STUNNEL_NO_KEEPER;
	const char *report;

	if (geteuid() != 0)
		tap_skip("needs root, to become another user");
	installation_make(STUNNEL_PEER);
	installation_script(0, "report\neof\n");
	CHECK(chmod(tap_directory(), 01777) == 0); /* for what the peer writes */
	CHECK(stunnel_keeper_start(&keeper, tap_directory(), STUNNEL_CHILD, &user, NULL, NULL,
				   error) == 0);
	EVENTUALLY(installation_count("report", "end") == 1);
	report = installation_read("report");
	CHECK(strstr(report, "\nUid:\t65534\t65534\t65534\t65534\n"));
	CHECK(strstr(report, "\nGid:\t65533\t65533\t65533\t65533\n"));
	CHECK(strstr(report, "\nGroups:\t65533 \n"));
	CHECK(strstr(report, "\nCapPrm:\t0000000000000000\n"));
	CHECK(strstr(report, "\nCapEff:\t0000000000000000\n"));
	ended(&keeper);
}

static void who_cannot_become_the_user_starts_nothing(void)
{
	const struct stunnel_user user = { .uid = 0, .gid = 0 };
	struct stunnel_keeper keeper = STUNNEL_NO_KEEPER;
	struct stunnel_record answer = { 0 };
	int status = -1;
	pid_t pid;

	if (geteuid() != 0)
		tap_skip("needs root, to be somebody else first");
	installation_make(STUNNEL_PEER);
	CHECK(chmod(tap_directory(), 01777) == 0); /* for what the peer writes */
	pid = fork();
	if (pid == 0) {
		CHECK(setresuid(NOBODY, NOBODY, NOBODY) == 0);
		CHECK(stunnel_keeper_start(&keeper, tap_directory(), STUNNEL_CHILD, &user, NULL, NULL,
					   error) == 0);
		CHECK(stunnel_keeper_receive(&keeper, &answer, error) == -1);
		CHECK(strcmp(error, "cannot start the keeper: Operation not permitted") == 0);
		stunnel_record_free(&answer);
		ended(&keeper);
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	CHECK(!installation_has("starts"));
}

static void a_keeper_that_others_can_write_is_not_started(void)
{
	struct stunnel_keeper keeper = STUNNEL_NO_KEEPER;

	installation_make(STUNNEL_PEER);
	CHECK(chmod(installation_path("libexec/stunnel-keeper"), 0775) == 0);
	CHECK(stunnel_keeper_start(&keeper, tap_directory(), STUNNEL_CHILD, NULL, NULL, NULL,
				   error) == -1);
	CHECK(strstr(error, "/libexec/stunnel-keeper can be written by others"));
	CHECK(keeper.pid == -1 && !installation_has("starts"));
}

static void a_missing_keeper_is_told(void)
{
	struct stunnel_keeper keeper = STUNNEL_NO_KEEPER;
	struct stunnel_record answer = { 0 };

	CHECK(stunnel_keeper_start(&keeper, "/nowhere", STUNNEL_CHILD, NULL, NULL, NULL,
				   error) == 0);
	CHECK(stunnel_keeper_receive(&keeper, &answer, error) == -1);
	CHECK(strcmp(error, "cannot start the keeper: No such file or directory") == 0);
	stunnel_record_free(&answer);
	ended(&keeper);
}

/* It is gone before it is asked. */
static void a_keeper_that_cannot_be_executed_is_told_at_any_time(void)
{
	struct stunnel_keeper keeper = STUNNEL_NO_KEEPER;
	struct stunnel_record request = { 0 }, answer = { 0 };

	installation_make(STUNNEL_PEER);
	installation_write("libexec/stunnel-keeper", "no program");
	CHECK(stunnel_keeper_start(&keeper, tap_directory(), STUNNEL_CHILD, NULL, NULL, NULL,
				   error) == 0);
	CHECK(waitpid(keeper.pid, NULL, 0) == keeper.pid);
	add_request(&request, "check");
	CHECK(stunnel_keeper_send(&keeper, &request, NULL, error) == 1);
	CHECK(stunnel_keeper_receive(&keeper, &answer, error) == -1);
	CHECK(strcmp(error, "cannot start the keeper: Exec format error") == 0);
	stunnel_record_free(&request);
	stunnel_record_free(&answer);
	stunnel_keeper_hang_up(&keeper);
}

static const struct tap_case cases[] = {
	TAP_CASE(the_prefix_is_found_from_the_librarys_path),
	TAP_CASE(a_plugin_that_was_copied_away_says_so),
	TAP_CASE(a_keeper_gets_its_channel_and_nothing_else),
	TAP_CASE(a_keeper_starts_where_standard_streams_are_closed),
	TAP_CASE(a_lifeline_is_no_standard_stream),
	TAP_CASE(a_keeper_gets_what_ssh_needs_to_log_in),
	TAP_CASE(signals_are_left_as_they_were),
	TAP_CASE(root_becomes_the_user_in_every_respect),
	TAP_CASE(who_cannot_become_the_user_starts_nothing),
	TAP_CASE(a_keeper_that_others_can_write_is_not_started),
	TAP_CASE(a_missing_keeper_is_told),
	TAP_CASE(a_keeper_that_cannot_be_executed_is_told_at_any_time),
};

int main(int argc, char *argv[])
{
	if (argc == 3 && strcmp(argv[1], "prefix") == 0)
		return tell_prefix(strtoul(argv[2], NULL, 10));
	return tap_main(argc, argv, cases, sizeof(cases) / sizeof(cases[0]));
}
