/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever the user makes of the keeper, nobody waits for it for ever. */
#include "../src/supervise.h"
#include "installation.h"
#include "played.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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
};

TAP_MAIN(cases)
