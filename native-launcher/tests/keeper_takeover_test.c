/* SPDX-License-Identifier: Apache-2.0 */
/* Others that end what a killed keeper leaves, or go on with it. */
#include "../src/lock.h"
#include "../src/supervise.h"
#include "installation.h"
#include "launcher.h"
#include "tap.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- a keeper that is killed ------------------------------------------------------ */

static void a_killed_keeper_is_swept_up_after(void)
{
	pid_t master;

	begin_with_tunnel(STUNNEL_KEEPER);
	master = last_in("masters");
	CHECK(kill(keeper.pid, SIGKILL) == 0);
	CHECK(waitpid(keeper.pid, NULL, 0) == keeper.pid);
	CHECK(kill(master, 0) == 0 && installation_has("control"));
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(!installation_has("control") && installation_count("commands", "stop") == 1);
	/* It fell to us. */
	CHECK(waitpid(master, NULL, 0) == master);
	stunnel_keeper_hang_up(&keeper);
	stunnel_record_free(&answer);
}

static void a_master_that_hangs_outlives_its_keeper_for_moments_only(void)
{
	pid_t master;
	int status;

	begin_with_tunnel(STUNNEL_KEEPER);
	master = last_in("masters");
	/* As a stopped one: it takes the stop command's connection, and no signal but this one. */
	installation_write("hang.stop", "");
	CHECK(kill(master, SIGSTOP) == 0);
	CHECK(kill(keeper.pid, SIGKILL) == 0 && waitpid(keeper.pid, NULL, 0) == keeper.pid);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	EVENTUALLY(waitpid(master, &status, WNOHANG) == master);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	CHECK(!installation_has("control"));
	stunnel_keeper_hang_up(&keeper);
	stunnel_record_free(&answer);
}

/* The one that came back is another process than the first one was. */
static void nor_does_one_that_came_back(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(commands_are(2, 2));
	installation_write("hang.stop", "");
	/* The keeper has seen the end of the command once it has left word of it. */
	EVENTUALLY(strstr(installation_read("control/state"), "state=up"));
	CHECK(kill(keeper.pid, SIGKILL) == 0 && waitpid(keeper.pid, NULL, 0) == keeper.pid);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	EVENTUALLY(waitpid(last_in("masters"), NULL, WNOHANG) == last_in("masters"));
	stunnel_keeper_hang_up(&keeper);
	stunnel_record_free(&answer);
}

static void nor_does_a_runtime_that_hangs(void)
{
	int status;

	begin(STUNNEL_KEEPER, OK "hang\n");
	ask("check");
	CHECK(is_answered("ok"));
	ask("open");
	EVENTUALLY(told() > 0);
	CHECK(kill(keeper.pid, SIGKILL) == 0 && waitpid(keeper.pid, NULL, 0) == keeper.pid);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	EVENTUALLY(waitpid(-1, &status, WNOHANG) > 0);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	stunnel_keeper_hang_up(&keeper);
	stunnel_record_free(&answer);
}

static void what_a_keeper_that_was_killed_was_opening_is_swept_up(void)
{
	int before;

	begin(STUNNEL_KEEPER, TAKE "note asked\nawait go\n"
				   "mkdir %s/control\nsay answer=opening|dir=%s/control\nhang\n");
	ask("open");
	EVENTUALLY(installation_count("notes", "asked") == 1);
	before = told();
	installation_write("go", "");
	EVENTUALLY(told() > before);
	CHECK(kill(keeper.pid, SIGKILL) == 0 && waitpid(keeper.pid, NULL, 0) == keeper.pid);
	CHECK(installation_has("control"));
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(!installation_has("control"));
	stunnel_keeper_hang_up(&keeper);
	stunnel_record_free(&answer);
	stunnel_end_children(NULL);
}

static const char *job_key(void)
{
	static char key[STUNNEL_KEY_LENGTH + 1];

	(void)snprintf(key, sizeof(key), "98%030lx", (long)getpid());
	return key;
}

static bool is_locked(void)
{
	char path[96];

	(void)snprintf(path, sizeof(path), "/tmp/stunnel-%lu-%s.lock",
		       (unsigned long)geteuid(), job_key());
	return access(path, F_OK) == 0;
}

static void the_lock_of_a_killed_keeper_is_swept_up_too(void)
{
	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	ask_with("open", job_key());
	CHECK(is_answered("ready") && is_locked());
	CHECK(kill(keeper.pid, SIGKILL) == 0 && waitpid(keeper.pid, NULL, 0) == keeper.pid);
	CHECK(is_locked());
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(!is_locked() && !installation_has("control"));
	stunnel_keeper_hang_up(&keeper);
	stunnel_record_free(&answer);
}

/* --- a tunnel that steps share ------------------------------------------------------ */

/* This process becomes the launcher of a second step; the first one is put away. */
struct step {
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline;
};

static struct step put_away(void)
{
	struct step step = { .keeper = keeper, .lifeline = lifeline };

	keeper = (struct stunnel_keeper)STUNNEL_NO_KEEPER;
	lifeline = (struct stunnel_lifeline)STUNNEL_NO_LIFELINE;
	return step;
}

static void take_up(const struct step *step)
{
	keeper = step->keeper;
	lifeline = step->lifeline;
}

static struct step begin_two_steps(const char *second_script)
{
	struct step first;

	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	installation_script(2, second_script);
	ask_with("open", job_key());
	CHECK(is_answered("ready") && is_locked());
	first = put_away();
	start_keeper(STUNNEL_CHILD);
	ask_with("open", job_key());
	CHECK(is_answered("shared"));
	/* Nothing was started for it. */
	CHECK(installation_count("starts", "java           ") == 1);
	return first;
}

/* Others see the name of a lock, and can take it when its holder ends. */
static void a_lock_that_another_user_took_is_done_without(void)
{
	char path[96];
	int fd;

	if (geteuid() != 0)
		tap_skip("needs root, to take it as another user");
	(void)snprintf(path, sizeof(path), "/tmp/stunnel-0-%s.lock", job_key());
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	CHECK(fd >= 0 && fchown(fd, 65534, 65534) == 0 && close(fd) == 0);
	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	ask_with("open", job_key());
	CHECK(is_answered("ready"));
	end_lifeline();
	CHECK(unlink(path) == 0);
}

static bool is_only_child(pid_t pid)
{
	char path[64], list[64] = "";
	FILE *children;

	(void)snprintf(path, sizeof(path), "/proc/self/task/%ld/children", (long)getpid());
	children = fopen(path, "re");
	CHECK(children && fgets(list, sizeof(list), children) && fclose(children) == 0);
	return strtol(list, NULL, 10) == pid && strchr(list, ' ') == list + strlen(list) - 1;
}

/* Ends the first step; what it opened is gone, and its directory free for the second one. */
static void end_first(const struct step *first)
{
	struct step second = put_away();

	take_up(first);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	EVENTUALLY(has_ended());
	stunnel_keeper_hang_up(&keeper);
	take_up(&second);
}

static void a_second_step_takes_over_when_the_first_ends(void)
{
	struct step first = begin_two_steps(OPENING UP READY EOF_);

	end_first(&first);
	EVENTUALLY(commands_are(2, 2));
	CHECK(is_locked());
	end_lifeline();
	CHECK(!is_locked());
}

static void a_takeover_that_fails_is_tried_again(void)
{
	struct step first = begin_two_steps(OPENING "run start\n" FAILED EOF_);

	end_first(&first);
	EVENTUALLY(installation_count("starts", "java           ") == 3);
	EVENTUALLY(commands_are(3, 2));
	end_lifeline();
}

/* Each has a directory of its own to tell of, and there may be hundreds of them. */
static void attempts_that_nobody_waits_for_take_no_room_in_the_lifeline(void)
{
	struct step first = begin_two_steps(OPENING FAILED EOF_);
	int before;

	installation_script(3, OPENING FAILED EOF_);
	installation_script(4, OPENING "note opening\nhang\n");
	end_first(&first);
	EVENTUALLY(installation_count("starts", "java           ") >= 2);
	before = told();
	EVENTUALLY(installation_count("notes", "opening") == 1);
	CHECK(told() == before);
	end_lifeline();
}

static void the_lock_of_an_attempt_whose_keeper_is_killed_is_swept_up_too(void)
{
	struct step first = begin_two_steps(OPENING "note opening\nhang\n");

	end_first(&first);
	EVENTUALLY(installation_count("notes", "opening") == 1);
	CHECK(kill(keeper.pid, SIGKILL) == 0 && waitpid(keeper.pid, NULL, 0) == keeper.pid);
	CHECK(is_locked());
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(!is_locked());
	stunnel_keeper_hang_up(&keeper);
	stunnel_record_free(&answer);
	stunnel_end_children(NULL);
}

static void a_takeover_from_a_killed_keeper_is_not_swept_away(void)
{
	struct step first = begin_two_steps(TAKE "mkdir %s/second\n"
						 "say answer=opening|dir=%s/second\nfork\n"
						 "note taken\n" READY EOF_);
	struct step second = put_away();

	take_up(&first);
	CHECK(kill(keeper.pid, SIGKILL) == 0 && waitpid(keeper.pid, NULL, 0) == keeper.pid);
	EVENTUALLY(installation_count("notes", "taken") == 1);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(!installation_has("control"));
	stunnel_keeper_hang_up(&keeper);
	take_up(&second);
	/* What the killed one left fell to us. */
	EVENTUALLY(waitpid(-1, NULL, WNOHANG) == 0 && is_only_child(keeper.pid));
	CHECK(is_locked() && installation_has("second"));
	CHECK(waitpid(keeper.pid, NULL, WNOHANG) == 0);
	end_lifeline();
	CHECK(!is_locked() && !installation_has("second"));
}

static void a_step_that_waits_ends_with_its_lifeline(void)
{
	struct step first = begin_two_steps(EOF_);
	struct step second = put_away();

	take_up(&second);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	EVENTUALLY(has_ended());
	stunnel_keeper_hang_up(&keeper);
	CHECK(is_locked() && kill(last_in("masters"), 0) == 0);
	take_up(&first);
	end_lifeline();
	CHECK(!is_locked());
}

#define CONTESTED "say answer=failed|text=the port is taken|contested=yes|policy=require\n"

static void a_listener_of_another_step_is_waited_for_if_the_plugin_says_so(void)
{
	static const char persist[] = "request=persist\0";

	begin(STUNNEL_KEEPER, OPENING CONTESTED EOF_);
	installation_script(2, OPENING UP READY EOF_);
	ask_with("open", job_key());
	CHECK(is_answered("failed") && says("the port is taken"));
	CHECK(waitpid(keeper.pid, NULL, WNOHANG) == 0);
	CHECK(send(keeper.channel, persist, sizeof(persist), MSG_NOSIGNAL) == sizeof(persist));
	CHECK(is_answered("up") && says("tunnel up: login:8001 -> cn1:8000"));
	CHECK(installation_count("starts", "java           ") == 2);
	end_lifeline();
}

static void a_listener_of_somebody_else_is_not(void)
{
	begin(STUNNEL_KEEPER, OPENING CONTESTED EOF_);
	ask_with("open", job_key());
	CHECK(is_answered("failed") && says("the port is taken"));
	stunnel_keeper_hang_up(&keeper);
	ends();
	CHECK(installation_count("starts", "java           ") == 1);
}

static void a_plugin_that_does_not_say_so_is_not_waited_for_for_ever(void)
{
	begin(STUNNEL_HASTY_KEEPER, OPENING CONTESTED EOF_);
	ask_with("open", job_key());
	CHECK(is_answered("failed") && says("the port is taken"));
	ends();
}

static void a_tunnel_that_is_not_shared_is_not_contested(void)
{
	begin(STUNNEL_KEEPER, OPENING CONTESTED EOF_);
	ask("open");
	CHECK(is_answered("failed"));
	ends();
}

static const struct tap_case cases[] = {
	TAP_VARIATION(a_killed_keeper_is_swept_up_after),
	TAP_CASE(a_master_that_hangs_outlives_its_keeper_for_moments_only),
	TAP_VARIATION(nor_does_one_that_came_back),
	TAP_VARIATION(nor_does_a_runtime_that_hangs),
	TAP_VARIATION(what_a_keeper_that_was_killed_was_opening_is_swept_up),
	TAP_CASE(the_lock_of_a_killed_keeper_is_swept_up_too),
	TAP_CASE(a_lock_that_another_user_took_is_done_without),
	TAP_CASE(a_second_step_takes_over_when_the_first_ends),
	TAP_CASE(a_takeover_that_fails_is_tried_again),
	TAP_VARIATION(attempts_that_nobody_waits_for_take_no_room_in_the_lifeline),
	TAP_VARIATION(the_lock_of_an_attempt_whose_keeper_is_killed_is_swept_up_too),
	TAP_VARIATION(a_takeover_from_a_killed_keeper_is_not_swept_away),
	TAP_VARIATION(a_step_that_waits_ends_with_its_lifeline),
	TAP_CASE(a_listener_of_another_step_is_waited_for_if_the_plugin_says_so),
	TAP_CASE(a_listener_of_somebody_else_is_not),
	TAP_VARIATION(a_plugin_that_does_not_say_so_is_not_waited_for_for_ever),
	TAP_VARIATION(a_tunnel_that_is_not_shared_is_not_contested),
};

TAP_MAIN(cases)
