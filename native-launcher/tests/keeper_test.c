/* SPDX-License-Identifier: Apache-2.0 */
/* The keeper from its first request to the end of its tunnel. */
#include "../src/supervise.h"
#include "installation.h"
#include "launcher.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- verdicts ---------------------------------------------------------------- */

static void a_verdict_is_handed_on(void)
{
	begin(STUNNEL_KEEPER, OK EOF_);
	ask("check");
	CHECK(is_answered("ok"));
	CHECK(strcmp(stunnel_record_get(&answer, "env"), "STUNNEL_COUNT=1") == 0);
	CHECK(strcmp(installation_read("requests"), "request=check\nspec=8001:8000\n=\n\n") == 0);
	CHECK(waitpid(keeper.pid, NULL, WNOHANG) == 0);
	stunnel_keeper_hang_up(&keeper);
	ends();
}

static void a_refusal_is_handed_on_and_ends_all(void)
{
	begin(STUNNEL_KEEPER, TAKE "say answer=refused|text=error: no such port\n" EOF_);
	ask("check");
	CHECK(is_answered("refused") && says("error: no such port"));
	ends();
}

static void one_runtime_judges_and_opens(void)
{
	begin(STUNNEL_KEEPER, OK OPENING UP READY EOF_);
	ask("check");
	CHECK(is_answered("ok"));
	open_tunnel();
	CHECK(installation_count("starts", "java           ") == 1);
	end_lifeline();
}

static void requests_that_come_at_once_are_taken_in_turn(void)
{
	begin(STUNNEL_KEEPER, OK OPENING UP READY EOF_);
	ask("check");
	ask("open");
	CHECK(is_answered("ok"));
	CHECK(is_answered("ready"));
	end_lifeline();
}

static void an_idle_runtime_ends_and_is_started_again_when_needed(void)
{
	begin(STUNNEL_HASTY_KEEPER, "stubborn\nhang\n");
	installation_script(1, OK EOF_ "note dismissed\n");
	installation_script(2, OPENING UP READY EOF_);
	ask("check");
	CHECK(is_answered("ok"));
	EVENTUALLY(installation_count("notes", "dismissed") == 1);
	open_tunnel();
	CHECK(installation_count("starts", "java           ") == 2);
	end_lifeline();
}

/* --- opening ------------------------------------------------------------------- */

static void a_tunnel_lives_as_long_as_its_lifeline(void)
{
	begin(STUNNEL_KEEPER, OPENING UP READY EOF_ "note ended\n");
	open_tunnel();
	/* Its input ended with its answer: no runtime stays. */
	EVENTUALLY(installation_count("notes", "ended") == 1);
	/* The keeper needs no launcher. */
	stunnel_keeper_hang_up(&keeper);
	CHECK(waitpid(keeper.pid, NULL, WNOHANG) == 0);
	CHECK(kill(last_in("masters"), 0) == 0);
	CHECK(installation_count("commands", "stop") == 0);
	end_lifeline();
	CHECK(commands_are(1, 1) && installation_count("commands", "stop") == 1);
}

static void a_tunnel_that_fails_is_gone_before_that_is_told(void)
{
	begin(STUNNEL_KEEPER, OPENING "fork\nrun start\n" FAILED EOF_);
	ask("open");
	CHECK(is_answered("failed") && says("error: the port is taken"));
	CHECK(strcmp(stunnel_record_get(&answer, "policy"), "require") == 0);
	CHECK(!installation_has("control"));
	CHECK(kill(last_in("masters"), 0) == -1 && errno == ESRCH);
	ends();
}

static void a_runtime_that_stays_after_its_answer_is_killed(void)
{
	begin(STUNNEL_HASTY_KEEPER, OPENING UP READY "run start\nstubborn\nhang\n");
	open_tunnel();
	/* Were it still there, the keeper would have more children than the master. */
	EVENTUALLY(installation_count("commands", "start") == 2);
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(commands_are(3, 2));
	end_lifeline();
}

static void a_launcher_that_dies_while_it_opens_costs_nothing(void)
{
	begin(STUNNEL_KEEPER, OPENING UP "await go\n" READY EOF_ "note ended\n");
	ask("open");
	EVENTUALLY(commands_are(1, 1));
	stunnel_keeper_hang_up(&keeper);
	installation_write("go", "");
	EVENTUALLY(installation_count("notes", "ended") == 1);
	CHECK(waitpid(keeper.pid, NULL, WNOHANG) == 0 && kill(last_in("masters"), 0) == 0);
	end_lifeline();
}

/* --- ending -------------------------------------------------------------------- */

static void a_launcher_that_dies_before_it_opens_ends_all(void)
{
	begin(STUNNEL_KEEPER, TAKE "fork\nhang\n");
	ask("check");
	EVENTUALLY(installation_count("requests", "request=check") == 1);
	stunnel_keeper_hang_up(&keeper);
	ends();
}

static void the_lifeline_ends_a_tunnel_that_is_not_up_yet(void)
{
	begin(STUNNEL_KEEPER, OPENING "run start\nfork\nhang\n");
	ask("open");
	EVENTUALLY(commands_are(1, 0));
	end_lifeline();
}

static void what_was_not_heard_of_yet_is_removed_too(void)
{
	begin(STUNNEL_KEEPER, TAKE "await go\nmkdir %s/control\n"
				   "say answer=opening|dir=%s/control\nnote said\nhang\n");
	ask("open");
	EVENTUALLY(installation_count("requests", "request=open") == 1);
	CHECK(kill(keeper.pid, SIGSTOP) == 0);
	installation_write("go", "");
	EVENTUALLY(installation_count("notes", "said") == 1 && installation_has("control"));
	CHECK(shutdown(lifeline.owner, SHUT_WR) == 0);
	CHECK(kill(keeper.pid, SIGCONT) == 0);
	ends();
}

/* The last packet that the owner finds when the keeper is gone. */
static void the_owner_learns_that_nothing_is_left(void)
{
	char packet[4096], last[sizeof(packet)] = "";
	ssize_t size;

	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	open_tunnel();
	CHECK(shutdown(lifeline.owner, SHUT_WR) == 0);
	while ((size = recv(lifeline.owner, packet, sizeof(packet), 0)) > 0)
		memcpy(last, packet, (size_t)size);
	CHECK(strcmp(last, "request=clean") == 0);
	ends();
}

/* The owner reads only in the end, which may be a thousand changes away. */
static void a_lifeline_that_is_full_holds_nothing_up(void)
{
	struct stunnel_record request = { 0 };

	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	CHECK(stunnel_lifeline_open(&lifeline) == 0);
	while (send(lifeline.keeper, "x", 1, MSG_DONTWAIT) == 1)
		;
	stunnel_record_add(&request, "request", "open");
	stunnel_record_end(&request);
	CHECK(stunnel_keeper_send(&keeper, &request, &lifeline, error) == 0);
	stunnel_record_free(&request);
	CHECK(is_answered("ready"));
	end_lifeline();
}

static bool is_hung_up(int fd)
{
	struct pollfd peer = { .fd = fd };

	return poll(&peer, 1, 0) == 1 && (peer.revents & POLLHUP);
}

static void a_second_lifeline_is_closed_and_so_is_a_second_voice(void)
{
	struct stunnel_record request = { 0 };
	struct stunnel_lifeline more[2];
	int voices[2][2];

	begin_with_tunnel(STUNNEL_KEEPER);
	stunnel_record_add(&request, "request", "open");
	stunnel_record_end(&request);
	for (int i = 0; i < 2; i++) {
		CHECK(stunnel_lifeline_open(&more[i]) == 0 && pipe2(voices[i], O_CLOEXEC) == 0);
		more[i].voice = voices[i][1];
		CHECK(stunnel_keeper_send(&keeper, &request, &more[i], error) == 0);
		CHECK(close(voices[i][1]) == 0);
	}
	stunnel_record_free(&request);
	EVENTUALLY(is_hung_up(more[0].owner) && is_hung_up(more[1].owner) && is_hung_up(voices[1][0]));
	CHECK(!is_hung_up(voices[0][0]));
	end_lifeline();
	for (int i = 0; i < 2; i++)
		CHECK(close(more[i].owner) == 0 && close(voices[i][0]) == 0);
}

static int listen_at(const char *file)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", installation_path(file));
	CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	return fd;
}

static void of_listeners_only_sockets_of_ones_own_are_removed(void)
{
	int ours, theirs;

	begin(STUNNEL_KEEPER, OPENING "say answer=opening|dir=%s/control|stop=%s/libexec/java|stop=stop|"
				      "unlink=%s/file|unlink=%s/ours|unlink=%s/theirs\n" UP READY EOF_);
	installation_write("file", "");
	ours = listen_at("ours");
	theirs = listen_at("theirs");
	CHECK(geteuid() != 0 || chown(installation_path("theirs"), 65534, 65534) == 0);
	open_tunnel();
	CHECK(installation_has("ours"));
	end_lifeline();
	CHECK(!installation_has("ours") && installation_has("file"));
	CHECK(installation_has("theirs") || geteuid() != 0);
	CHECK(close(ours) == 0 && close(theirs) == 0);
}

/* As srun's shepherd: has a copy of all that its parent had. */
static void fork_shepherd(void)
{
	if (fork() == 0) {
		for (;;)
			(void)pause();
	}
}

static void the_death_of_the_parent_ends_all(void)
{
	pid_t parent;

	installation_make(STUNNEL_KEEPER);
	installation_script(0, OK EOF_);
	parent = fork();
	if (parent == 0) {
		start_keeper(STUNNEL_CHILD);
		ask("check");
		CHECK(is_answered("ok"));
		fork_shepherd();
		installation_write("keeper", "");
		for (;;)
			(void)pause();
	}
	EVENTUALLY(installation_has("keeper"));
	CHECK(kill(parent, SIGKILL) == 0 && waitpid(parent, NULL, 0) == parent);
	/* The shepherd, which lives on and holds the channel, and the keeper are ours now. */
	EVENTUALLY(waitpid(-1, NULL, WNOHANG) > 0);
	CHECK(waitpid(-1, NULL, WNOHANG) == 0);
	stunnel_end_children(NULL);
}

static void the_death_of_the_owner_ends_all(void)
{
	pid_t owner;

	installation_make(STUNNEL_KEEPER);
	installation_script(0, OPENING UP READY EOF_);
	owner = fork();
	if (owner == 0) {
		/* Before the lifeline is made, as in srun. */
		fork_shepherd();
		start_keeper(STUNNEL_ORPHAN);
		CHECK(keeper.pid == -1);
		open_tunnel();
		installation_write("up", "");
		for (;;)
			(void)pause();
	}
	EVENTUALLY(installation_has("up"));
	CHECK(kill(owner, SIGKILL) == 0 && waitpid(owner, NULL, 0) == owner);
	EVENTUALLY(waitpid(-1, NULL, WNOHANG) > 0);
	CHECK(waitpid(-1, NULL, WNOHANG) == 0);
	CHECK(!installation_has("control"));
	stunnel_end_children(NULL);
}

static void sigterm_ends_all(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	CHECK(kill(keeper.pid, SIGTERM) == 0);
	ends();
}

static void a_stop_command_that_hangs_ends_all_the_same(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	installation_write("hang.stop", "");
	end_lifeline();
}

static void children_that_ignore_sigterm_end_too(void)
{
	begin(STUNNEL_KEEPER, OPENING UP "stubborn\nfork\n" READY EOF_);
	open_tunnel();
	end_lifeline();
}

/* --- who may look into it -------------------------------------------------------- */

enum { NOBODY = 65534 };

/* As ptrace(2) asks it; yama, which may forbid more, is not asked for this. */
static bool can_be_looked_into(void)
{
	int status = -1;
	char path[64];
	pid_t pid;

	(void)snprintf(path, sizeof(path), "/proc/%ld/environ", (long)keeper.pid);
	pid = fork();
	if (pid == 0) {
		CHECK(setresgid(NOBODY, NOBODY, NOBODY) == 0);
		CHECK(setresuid(NOBODY, NOBODY, NOBODY) == 0);
		_exit(open(path, O_RDONLY | O_CLOEXEC) < 0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status) == 0;
}

static void only_a_tunnels_keeper_can_be_looked_into(void)
{
	const struct stunnel_user user = { .uid = NOBODY, .gid = NOBODY };

	if (geteuid() != 0)
		tap_skip("needs root, whose program others may not read");
	installation_make(STUNNEL_KEEPER);
	installation_script(0, OK EOF_);
	CHECK(chmod(installation_path("libexec/stunnel-keeper"), 0711) == 0);
	CHECK(chmod(tap_directory(), 01777) == 0); /* for what the peer writes */
	CHECK(stunnel_keeper_start(&keeper, tap_directory(), STUNNEL_CHILD, &user, NULL, NULL,
				   error) == 0);
	/* At no moment: not before the exec, nor before it is a session of its own, nor after. */
	do
		CHECK(!can_be_looked_into());
	while (getsid(keeper.pid) != keeper.pid);
	CHECK(!can_be_looked_into());
	ask("check");
	CHECK(is_answered("ok") && can_be_looked_into());
	stunnel_keeper_hang_up(&keeper);
	ends();
}

static const struct tap_case cases[] = {
	/* No case of valgrind's, which would have to read the program. */
	TAP_VARIATION(only_a_tunnels_keeper_can_be_looked_into),
	TAP_VARIATION(a_stop_command_that_hangs_ends_all_the_same),
	TAP_VARIATION(children_that_ignore_sigterm_end_too),
	TAP_CASE(a_verdict_is_handed_on),
	TAP_VARIATION(a_refusal_is_handed_on_and_ends_all),
	TAP_CASE(one_runtime_judges_and_opens),
	TAP_VARIATION(requests_that_come_at_once_are_taken_in_turn),
	TAP_VARIATION(an_idle_runtime_ends_and_is_started_again_when_needed),
	TAP_CASE(a_tunnel_lives_as_long_as_its_lifeline),
	TAP_CASE(a_tunnel_that_fails_is_gone_before_that_is_told),
	TAP_VARIATION(a_runtime_that_stays_after_its_answer_is_killed),
	TAP_VARIATION(a_launcher_that_dies_while_it_opens_costs_nothing),
	TAP_VARIATION(a_launcher_that_dies_before_it_opens_ends_all),
	TAP_VARIATION(the_lifeline_ends_a_tunnel_that_is_not_up_yet),
	TAP_CASE(what_was_not_heard_of_yet_is_removed_too),
	TAP_CASE(the_owner_learns_that_nothing_is_left),
	TAP_CASE(a_lifeline_that_is_full_holds_nothing_up),
	TAP_CASE(a_second_lifeline_is_closed_and_so_is_a_second_voice),
	TAP_CASE(of_listeners_only_sockets_of_ones_own_are_removed),
	TAP_VARIATION(the_death_of_the_parent_ends_all),
	TAP_VARIATION(the_death_of_the_owner_ends_all),
	TAP_VARIATION(sigterm_ends_all),
};

TAP_MAIN(cases)
