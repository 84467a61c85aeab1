/* SPDX-License-Identifier: Apache-2.0 */
#include "../src/launch.h"
#include "../src/lifeline.h"

#include "../src/descriptors.h"
#include "../src/supervise.h"
#include "installation.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NOBODY = 65534, MANY = 50 };

static char error[STUNNEL_ERROR_MAX];

/* --- a keeper that the peer plays ----------------------------------------- */

/* Environment of the user, as a Slurm process would look it up. */
static char *look_up(void *where, const char *name)
{
	char value[64];

	(void)snprintf(value, sizeof(value), "%s of %s", name, (const char *)where);
	return strdup(value);
}

static char *find_nothing(void *where, const char *name)
{
	(void)where;
	(void)name;
	return NULL;
}

static struct stunnel_keeper started(const char *script)
{
	struct stunnel_keeper keeper = STUNNEL_NO_KEEPER;

	installation_make(STUNNEL_PEER);
	installation_script(0, script);
	CHECK(stunnel_keeper_start(&keeper, tap_directory(), STUNNEL_CHILD, NULL, find_nothing, NULL,
				   error) == 0);
	CHECK(keeper.pid > 0 && keeper.channel >= 0);
	CHECK((fcntl(keeper.channel, F_GETFD) & FD_CLOEXEC) != 0);
	return keeper;
}

static void ended(struct stunnel_keeper *keeper)
{
	stunnel_keeper_hang_up(keeper);
	CHECK(keeper->channel == -1);
	stunnel_keeper_reap(keeper);
	CHECK(keeper->pid == -1);
}

static void add_request(struct stunnel_record *record, const char *what)
{
	stunnel_record_add(record, "request", what);
	stunnel_record_end(record);
}

static void send_request(const struct stunnel_keeper *keeper, struct stunnel_lifeline *lifeline)
{
	struct stunnel_record request = { 0 };

	add_request(&request, "open");
	CHECK(stunnel_keeper_send(keeper, &request, lifeline, error) == 0);
	stunnel_record_free(&request);
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
	CHECK(stunnel_spawn(argv, pair[1]) > 0 && close(pair[1]) == 0);
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
	struct stunnel_record request = { 0 };

	installation_make(STUNNEL_PEER);
	installation_write("libexec/stunnel-keeper", "no program");
	CHECK(stunnel_keeper_start(&keeper, tap_directory(), STUNNEL_CHILD, NULL, NULL, NULL,
				   error) == 0);
	CHECK(waitpid(keeper.pid, NULL, 0) == keeper.pid);
	add_request(&request, "check");
	CHECK(stunnel_keeper_send(&keeper, &request, NULL, error) == -1);
	CHECK(strcmp(error, "cannot start the keeper: Exec format error") == 0);
	stunnel_record_free(&request);
	stunnel_keeper_hang_up(&keeper);
}

/* --- talking ---------------------------------------------------------------- */

/* Lets the keeper go on once what it has said so far was read. */
static void send_the_rest_when_drained(int fd)
{
	int left;

	EVENTUALLY(ioctl(fd, FIONREAD, &left) == 0 && left > 0);
	if (fork() == 0) {
		EVENTUALLY(ioctl(fd, FIONREAD, &left) == 0 && left == 0);
		installation_write("go", "");
		_exit(0);
	}
}

static void an_answer_is_awaited_until_it_is_whole(void)
{
	struct stunnel_keeper keeper = started("raw answer=\nawait go\nsay ok|text=hello\neof\n");
	struct stunnel_record answer = { 0 };

	send_the_rest_when_drained(keeper.channel);
	CHECK(stunnel_keeper_receive(&keeper, &answer, error) == 0);
	CHECK(strcmp(stunnel_record_get(&answer, "answer"), "ok") == 0);
	CHECK(strcmp(stunnel_record_get(&answer, "text"), "hello") == 0);
	stunnel_record_free(&answer);
	ended(&keeper);
}

static void half_an_answer_is_none(void)
{
	struct stunnel_keeper keeper = started("raw answer=ok\nexit 0\n");
	struct stunnel_record answer = { 0 };

	CHECK(stunnel_keeper_receive(&keeper, &answer, error) == -1);
	CHECK(strstr(error, "Connection reset by peer"));
	stunnel_record_free(&answer);
	ended(&keeper);
}

static void an_answer_without_end_is_refused(void)
{
	struct stunnel_keeper keeper = started("flood 1200000\nhang\n");
	struct stunnel_record answer = { 0 };

	CHECK(stunnel_keeper_receive(&keeper, &answer, error) == -1);
	CHECK(strstr(error, "Cannot allocate memory") && answer.size == STUNNEL_RECORD_MAX);
	stunnel_record_free(&answer);
	CHECK(kill(keeper.pid, SIGKILL) == 0);
	ended(&keeper);
}

static void a_great_request_arrives_whole(void)
{
	struct stunnel_keeper keeper = started("take\nsay answer=ok\neof\n");
	struct stunnel_record request = { 0 }, answer = { 0 };
	char field[32];

	for (int i = 0; i < 2000; i++) {
		(void)snprintf(field, sizeof(field), "%d", i);
		stunnel_record_add(&request, "option", field);
	}
	stunnel_record_end(&request);
	CHECK(stunnel_keeper_send(&keeper, &request, NULL, error) == 0);
	CHECK(stunnel_keeper_receive(&keeper, &answer, error) == 0);
	CHECK(installation_count("requests", "option=1999") == 1);
	stunnel_record_free(&request);
	stunnel_record_free(&answer);
	ended(&keeper);
}

static void a_request_that_failed_is_not_sent(void)
{
	struct stunnel_keeper keeper = started("eof\n");
	struct stunnel_record request = { .failed = true };

	CHECK(stunnel_keeper_send(&keeper, &request, NULL, error) == -1);
	CHECK(strcmp(error, "cannot send the request to the keeper: Cannot allocate memory") == 0);
	ended(&keeper);
}

static void a_keeper_that_is_gone_is_no_signal(void)
{
	struct stunnel_keeper keeper = started("exit 0\n");
	struct stunnel_lifeline lifeline = STUNNEL_NO_LIFELINE;
	struct stunnel_record request = { 0 };
	int status;

	CHECK(waitpid(keeper.pid, &status, 0) == keeper.pid);
	CHECK(stunnel_lifeline_open(&lifeline) == 0);
	add_request(&request, "open");
	CHECK(stunnel_keeper_send(&keeper, &request, &lifeline, error) == -1);
	CHECK(strcmp(error, "cannot send the request to the keeper: Broken pipe") == 0);
	/* Nobody has it: it ends at once. */
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	stunnel_record_free(&request);
	stunnel_keeper_hang_up(&keeper);
}

/* --- the lifeline ------------------------------------------------------------ */

/* Starts a keeper by this script and hands it a lifeline. */
static struct stunnel_lifeline held(struct stunnel_keeper *keeper, const char *script)
{
	struct stunnel_lifeline lifeline = STUNNEL_NO_LIFELINE;

	*keeper = started(script);
	CHECK(stunnel_lifeline_open(&lifeline) == 0);
	CHECK((fcntl(lifeline.owner, F_GETFD) & FD_CLOEXEC) != 0);
	CHECK((fcntl(lifeline.keeper, F_GETFD) & FD_CLOEXEC) != 0);
	send_request(keeper, &lifeline);
	CHECK(lifeline.keeper == -1 && lifeline.owner >= 0);
	return lifeline;
}

static void a_lifeline_that_is_closed_ends_nothing(void)
{
	struct stunnel_lifeline lifeline = STUNNEL_NO_LIFELINE;
	long long start = stunnel_now();

	stunnel_lifeline_end(&lifeline, "/nowhere", NULL);
	CHECK(lifeline.owner == -1 && lifeline.keeper == -1);
	CHECK(stunnel_now() - start < STUNNEL_END_SECONDS * 1000LL);
}

static void the_end_of_the_lifeline_is_seen_by_the_keeper(void)
{
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline = held(&keeper, "lifeline\nend\nnote ended\n");
	/* Whoever has a copy by accident, between fork and exec, does not matter. */
	int copy = dup(lifeline.owner);

	CHECK(copy >= 0);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(lifeline.owner == -1);
	/* The keeper was waited for. */
	CHECK(installation_count("notes", "ended") == 1);
	CHECK(close(copy) == 0);
	ended(&keeper);
}

/* As srun's prolog that cannot be executed, whose process runs srun's exit handlers. */
static void a_fork_of_the_owner_ends_nothing(void)
{
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline = held(&keeper, "lifeline\nnote held\nend\nnote ended\n");
	pid_t pid;
	int status;

	EVENTUALLY(installation_count("notes", "held") == 1);
	pid = fork();
	if (pid == 0) {
		stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
		_exit(lifeline.owner == -1 ? 0 : 1);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	CHECK(send(lifeline.owner, "x", 1, MSG_NOSIGNAL) == 1);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(installation_count("notes", "ended") == 1);
	ended(&keeper);
}

static void the_death_of_the_owner_is_seen_by_the_keeper(void)
{
	pid_t pid;

	installation_make(STUNNEL_PEER);
	installation_script(0, "lifeline\nnote held\nend\nnote ended\n");
	pid = fork();
	if (pid == 0) {
		struct stunnel_keeper keeper = STUNNEL_NO_KEEPER;
		struct stunnel_lifeline lifeline = STUNNEL_NO_LIFELINE;

		CHECK(stunnel_lifeline_open(&lifeline) == 0);
		CHECK(stunnel_keeper_start(&keeper, tap_directory(), STUNNEL_CHILD, NULL, NULL, NULL,
					   error) == 0);
		send_request(&keeper, &lifeline);
		for (;;)
			(void)pause();
	}
	EVENTUALLY(installation_count("notes", "held") == 1);
	CHECK(kill(pid, SIGKILL) == 0);
	EVENTUALLY(installation_count("notes", "ended") == 1);
}

static void a_keeper_that_ended_clean_needs_no_other(void)
{
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline =
		held(&keeper, "lifeline\ntell request=sweep|dir=/x\ntell request=clean\nend\n");

	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(installation_count("starts", "keeper         ") == 1);
	ended(&keeper);
}

static void a_killed_keeper_has_its_last_words_done_by_another(void)
{
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline =
		held(&keeper, "lifeline\ntell request=sweep\n"
			      "tell request=sweep|lock=812|dir=/x|stop=a|stop=|stop=c\ndie\n");

	installation_script(2, "take\nnote swept\nexit 0\n");
	EVENTUALLY(waitpid(keeper.pid, NULL, WNOHANG) == keeper.pid);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(installation_count("notes", "swept") == 1);
	CHECK(strcmp(installation_read("requests"),
		     "request=sweep\nlock=812\ndir=/x\nstop=a\nstop=\nstop=c\n\n") == 0);
	stunnel_keeper_hang_up(&keeper);
}

/* The words are the user's, and slurmstepd is outside of the job. */
static void slurmstepd_has_no_commands_of_last_words_done(void)
{
	const struct stunnel_user user = { .uid = NOBODY, .gid = NOBODY };
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline;

	if (geteuid() != 0)
		tap_skip("needs root, to become another user");
	lifeline = held(&keeper, "lifeline\ntell request=sweep|stop=a|request=sweep\ndie\n");
	installation_script(2, "take\nexit 0\n");
	CHECK(chmod(tap_directory(), 01777) == 0); /* for what the peer writes */
	EVENTUALLY(waitpid(keeper.pid, NULL, WNOHANG) == keeper.pid);
	CHECK(chmod(installation_path("starts"), 0666) == 0);
	stunnel_lifeline_end(&lifeline, tap_directory(), &user);
	CHECK(strcmp(installation_read("requests"),
		     "request=clear\nstop=a\nrequest=sweep\n\n") == 0);
	stunnel_keeper_hang_up(&keeper);
}

static void last_words_may_be_long(void)
{
	static char word[20000], script[sizeof(word) + 128];
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline;

	memset(word, 'x', sizeof(word) - 1);
	(void)snprintf(script, sizeof(script),
		       "lifeline\ntell request=sweep|stop=%.19999s\ndie\n", word);
	lifeline = held(&keeper, script);
	installation_script(2, "take\nexit 0\n");
	EVENTUALLY(waitpid(keeper.pid, NULL, WNOHANG) == keeper.pid);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	/* The peer writes a letter at a time, and need not be done when we stop waiting for it. */
	EVENTUALLY(strlen(installation_read("requests")) ==
		   strlen("request=sweep\nstop=\n\n") + sizeof(word) - 1);
	CHECK(strncmp(installation_read("requests"), "request=sweep\nstop=xxx", 22) == 0);
	stunnel_keeper_hang_up(&keeper);
}

static void a_keeper_killed_before_it_did_anything_leaves_nothing_to_do(void)
{
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline = held(&keeper, "lifeline\ndie\n");

	EVENTUALLY(waitpid(keeper.pid, NULL, WNOHANG) == keeper.pid);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(installation_count("starts", "keeper         ") == 1);
	stunnel_keeper_hang_up(&keeper);
}

/* A user can make the keeper do anything; the Slurm process goes on all the same. */
static void a_keeper_that_stays_is_not_waited_for_for_ever(void)
{
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline = held(&keeper, "lifeline\nhang\n");
	long long start = stunnel_now();

	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(stunnel_now() - start >= STUNNEL_END_SECONDS * 1000LL - 100);
	CHECK(lifeline.owner == -1);
	CHECK(kill(keeper.pid, SIGKILL) == 0);
	ended(&keeper);
}

static void nor_is_one_that_never_stops_talking(void)
{
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline = held(&keeper, "lifeline\nbabble\nhang\n");

	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(lifeline.owner == -1);
	CHECK(kill(keeper.pid, SIGKILL) == 0);
	ended(&keeper);
}

/* A connection whose last close waits for a peer that reads nothing, as long as its maker wants. */
static int lingering(int peer[static 2])
{
	const struct linger hour = { .l_onoff = 1, .l_linger = 3600 };
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	peer[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(bind(peer[0], (struct sockaddr *)&address, sizeof(address)) == 0);
	CHECK(listen(peer[0], 1) == 0);
	CHECK(getsockname(peer[0], (struct sockaddr *)&address, &size) == 0);
	CHECK(connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	peer[1] = accept(peer[0], NULL, NULL);
	CHECK(peer[1] >= 0);
	CHECK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &hour, sizeof(hour)) == 0);
	while (send(fd, error, sizeof(error), MSG_DONTWAIT) > 0)
		;
	CHECK(errno == EAGAIN);
	return fd;
}

static void send_descriptor(int to, int fd)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec bytes = { .iov_base = "x", .iov_len = 1 };
	struct msghdr message = { .msg_iov = &bytes,
				  .msg_iovlen = 1,
				  .msg_control = control.space,
				  .msg_controllen = sizeof(control.space) };

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(int));
	CHECK(sendmsg(to, &message, 0) == 1);
}

/* Who sends a descriptor and closes it leaves its last copy to whoever takes it. */
static void nor_is_a_descriptor_that_its_user_leaves(void)
{
	const struct stunnel_user user = { .uid = geteuid(), .gid = getegid() };
	struct stunnel_lifeline lifeline = STUNNEL_NO_LIFELINE;
	int peer[2], go[2], status;
	int fd = lingering(peer);
	char byte = 0;
	pid_t pid;

	CHECK(pipe2(go, O_CLOEXEC) == 0);
	pid = fork();
	if (pid == 0) {
		/* The copy that slurmstepd gets shall be the last one. */
		CHECK(read(go[0], &byte, 1) == 1);
		CHECK(stunnel_lifeline_open(&lifeline) == 0);
		send_descriptor(lifeline.keeper, fd);
		CHECK(close(fd) == 0);
		stunnel_lifeline_end(&lifeline, "/nowhere", &user);
		_exit(lifeline.owner == -1 && lifeline.keeper == -1 ? 0 : 1);
	}
	CHECK(close(fd) == 0);
	CHECK(write(go[1], &byte, 1) == 1);
	EVENTUALLY(waitpid(pid, &status, WNOHANG) == pid);
	CHECK(status == 0);
	CHECK(close(go[0]) == 0 && close(go[1]) == 0);
	CHECK(close(peer[1]) == 0 && close(peer[0]) == 0);
}

static void nor_is_the_one_that_does_its_last_words(void)
{
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline =
		held(&keeper, "lifeline\ntell request=sweep|dir=/x\ndie\n");

	installation_script(2, "take\nnote swept\nhang\n");
	EVENTUALLY(waitpid(keeper.pid, NULL, WNOHANG) == keeper.pid);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(installation_count("notes", "swept") == 1);
	stunnel_keeper_hang_up(&keeper);
	stunnel_end_children(NULL);
}

/* What slurmstepd started would stay outside of the job. */
static void slurmstepd_leaves_none_that_hangs(void)
{
	const struct stunnel_user user = { .uid = NOBODY, .gid = NOBODY };
	int status;
	pid_t pid;

	if (geteuid() != 0)
		tap_skip("needs root, to become another user");
	installation_make(STUNNEL_PEER);
	installation_script(0, "stubborn\nhang\n");
	CHECK(chmod(tap_directory(), 01777) == 0); /* for what the peer writes */
	pid = fork();
	if (pid == 0) {
		stunnel_lifeline_tidy(0, 0, tap_directory(), &user);
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	/* Now it is our child. */
	EVENTUALLY(waitpid(-1, &status, WNOHANG) > 0);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* Traces the other child of the process that forked this one, which cannot reap it then. */
static _Noreturn void trace_sibling(void)
{
	char path[64];
	long pid = 0;
	FILE *children;

	EVENTUALLY(installation_count("notes", "swept") == 1);
	(void)snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", (long)getppid(),
		       (long)getppid());
	children = fopen(path, "re");
	CHECK(children != NULL);
	while (fscanf(children, "%ld", &pid) == 1 && pid == (long)getpid())
		;
	CHECK(fclose(children) == 0);
	CHECK(ptrace(PTRACE_SEIZE, (pid_t)pid, NULL, NULL) == 0);
	installation_write("traced", "");
	for (;;)
		(void)pause();
}

/* The user may, from outside of the job: its processes are the user's. */
static void nor_is_one_that_somebody_traces(void)
{
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline =
		held(&keeper, "lifeline\ntell request=sweep|dir=/x\ndie\n");
	pid_t tracer;

	installation_script(2, "take\nnote swept\nawait traced\nexit 0\n");
	EVENTUALLY(waitpid(keeper.pid, NULL, WNOHANG) == keeper.pid);
	tracer = fork();
	if (tracer == 0)
		trace_sibling();
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(installation_has("traced"));
	stunnel_keeper_hang_up(&keeper);
	CHECK(kill(tracer, SIGKILL) == 0 && waitpid(tracer, NULL, 0) == tracer);
	stunnel_end_children(NULL);
}

/* More last words than a socket takes that nobody reads from: who sent them chose its buffer. */
static void nor_is_one_that_takes_no_request(void)
{
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline = held(&keeper, "lifeline\ntell_much 300000\ndie\n");

	installation_script(2, "note swept\nhang\n");
	EVENTUALLY(waitpid(keeper.pid, NULL, WNOHANG) == keeper.pid);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	EVENTUALLY(installation_count("notes", "swept") == 1);
	stunnel_keeper_hang_up(&keeper);
	stunnel_end_children(NULL);
}

static const struct tap_case cases[] = {
	TAP_CASE(a_keeper_that_stays_is_not_waited_for_for_ever),
	TAP_CASE(nor_is_one_that_never_stops_talking),
	TAP_CASE(nor_is_a_descriptor_that_its_user_leaves),
	TAP_CASE(nor_is_the_one_that_does_its_last_words),
	TAP_CASE(slurmstepd_leaves_none_that_hangs),
	TAP_CASE(nor_is_one_that_somebody_traces),
	TAP_CASE(nor_is_one_that_takes_no_request),
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
	TAP_CASE(an_answer_is_awaited_until_it_is_whole),
	TAP_CASE(half_an_answer_is_none),
	TAP_CASE(an_answer_without_end_is_refused),
	TAP_CASE(a_great_request_arrives_whole),
	TAP_CASE(a_request_that_failed_is_not_sent),
	TAP_CASE(a_keeper_that_is_gone_is_no_signal),
	TAP_CASE(a_lifeline_that_is_closed_ends_nothing),
	TAP_CASE(the_end_of_the_lifeline_is_seen_by_the_keeper),
	TAP_CASE(a_fork_of_the_owner_ends_nothing),
	TAP_CASE(the_death_of_the_owner_is_seen_by_the_keeper),
	TAP_CASE(a_keeper_that_ended_clean_needs_no_other),
	TAP_CASE(a_killed_keeper_has_its_last_words_done_by_another),
	TAP_CASE(slurmstepd_has_no_commands_of_last_words_done),
	TAP_CASE(last_words_may_be_long),
	TAP_CASE(a_keeper_killed_before_it_did_anything_leaves_nothing_to_do),
};

int main(int argc, char *argv[])
{
	if (argc == 3 && strcmp(argv[1], "prefix") == 0)
		return tell_prefix(strtoul(argv[2], NULL, 10));
	return tap_main(argc, argv, cases, sizeof(cases) / sizeof(cases[0]));
}
