/* SPDX-License-Identifier: Apache-2.0 */
/* What a keeper does for one that was killed. */
#include "installation.h"
#include "launcher.h"
#include "tap.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Has a new keeper do what a killed one left undone, as its owner would. */
static void have_done(const char *what)
{
	struct stunnel_record request = { 0 };
	static const char *const fields[][2] = {
		{ "dir", "control" }, { "stop", "libexec/java" }, { "transfer", "libexec/java" },
	};
	int state;

	CHECK(mkdir(installation_path("control"), 0700) == 0);
	installation_write("control/log", "");
	start_keeper(STUNNEL_CHILD);
	stunnel_record_add(&request, "request", what);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		stunnel_record_add(&request, fields[i][0], installation_path(fields[i][1]));
	stunnel_record_add(&request, "stop", "stop");
	stunnel_record_add(&request, "transfer", "transfer");
	stunnel_record_add(&request, "batch", "rm /x");
	stunnel_record_add(&request, "unlink", installation_path("web.sock"));
	stunnel_record_add(&request, "process", "1 1");
	stunnel_record_end(&request);
	/* A state that says the same. */
	state = open(installation_path("control/state"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CHECK(state >= 0 && write(state, request.data, request.size) == (ssize_t)request.size);
	CHECK(close(state) == 0);
	CHECK(stunnel_keeper_send(&keeper, &request, NULL, error) == 0);
	CHECK(stunnel_keeper_receive(&keeper, &answer, error) == -1);
	CHECK(!installation_has("control"));
	stunnel_record_free(&request);
	stunnel_record_free(&answer);
	stunnel_keeper_hang_up(&keeper);
	stunnel_keeper_reap(&keeper);
}

/* As an ssh that was told to end does: is there when it is looked for, and gone a moment later. */
static pid_t listen_once(const char *file)
{
	int fd = installation_listen(file);
	pid_t pid = fork();

	if (pid == 0)
		_exit(accept(fd, NULL, NULL) >= 0 ? 0 : 1);
	CHECK(pid > 0 && close(fd) == 0);
	return pid;
}

static void an_ssh_that_has_yet_to_end_leaves_no_socket(void)
{
	pid_t ending;

	installation_make(STUNNEL_KEEPER);
	ending = listen_once("web.sock");
	have_done("clear");
	CHECK(!installation_has("web.sock"));
	CHECK(waitpid(ending, NULL, 0) == ending);
}

static void what_slurmstepd_has_done_runs_no_command(void)
{
	installation_make(STUNNEL_KEEPER);
	have_done("clear");
	CHECK(!installation_has("commands"));
	have_done("sweep");
	CHECK(installation_count("commands", "stop") == 1);
	CHECK(installation_count("commands", "transfer") == 1);
}

static const struct tap_case cases[] = {
	TAP_CASE(what_slurmstepd_has_done_runs_no_command),
	TAP_CASE(an_ssh_that_has_yet_to_end_leaves_no_socket),
};

TAP_MAIN(cases)
