/* SPDX-License-Identifier: Apache-2.0 */
#include "../src/stale.h"

#include "../src/record.h"
#include "../src/supervise.h"
#include "../src/survivors.h"
#include "installation.h"
#include "tap.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NOBODY = 65534 };

/* A name as the runtime makes them, for this user. */
static const char *name(const char *random)
{
	static char names[4][64];
	static int next;
	char *text = names[next++ % 4];

	(void)snprintf(text, sizeof(names[0]), "stunnel-%lu-%s", (unsigned long)getuid(), random);
	return text;
}

/* A directory that a keeper had: its state, and ssh's log, are there. */
static const char *make_left(const char *random)
{
	char file[96];

	CHECK(mkdir(installation_path(name(random)), 0700) == 0);
	(void)snprintf(file, sizeof(file), "%s/state", name(random));
	installation_write(file, "");
	(void)snprintf(file, sizeof(file), "%s/log", name(random));
	installation_write(file, "");
	return installation_path(name(random));
}

static void make_old(const char *path)
{
	const struct timespec times[2] = { { .tv_sec = time(NULL) - 3600 },
					   { .tv_sec = time(NULL) - 3600 } };

	CHECK(utimensat(AT_FDCWD, path, times, 0) == 0);
}

static void write_state(const char *random, const char *bytes, size_t size)
{
	char file[96];
	int fd;

	(void)snprintf(file, sizeof(file), "%s/state", name(random));
	fd = open(installation_path(file), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	CHECK(fd >= 0 && write(fd, bytes, size) == (ssize_t)size && close(fd) == 0);
}

static void what_killed_keepers_left_is_removed(void)
{
	(void)make_left("one");
	(void)make_left("two");
	/* While ssh was connecting. */
	CHECK(mkdir(installation_path(name("opening")), 0700) == 0);
	installation_write(name("opening/log"), "");
	/* Killed before it had anything to leave. */
	CHECK(mkdir(installation_path(name("old")), 0700) == 0);
	make_old(installation_path(name("old")));
	stunnel_stale_remove(tap_directory());
	CHECK(!installation_has(name("one")) && !installation_has(name("two")));
	CHECK(!installation_has(name("opening")) && !installation_has(name("old")));
}

/* Those that the state names: what a user has put in their place is none of ours. */
static void so_are_the_sockets_that_nobody_listens_on(void)
{
	struct stunnel_record state = { 0 };
	char file[96];
	int taken;

	(void)make_left("one");
	CHECK(close(installation_listen("dead")) == 0);
	taken = installation_listen("taken");
	installation_write("file", "");
	stunnel_record_add(&state, "state", "up");
	stunnel_record_add(&state, "unlink", installation_path("dead"));
	stunnel_record_add(&state, "unlink", installation_path("taken"));
	stunnel_record_add(&state, "unlink", installation_path("file"));
	stunnel_record_end(&state);
	(void)snprintf(file, sizeof(file), "%s/state", name("one"));
	write_state("one", state.data, state.size);
	stunnel_record_free(&state);
	stunnel_stale_remove(tap_directory());
	CHECK(!installation_has("dead") && installation_has("taken") && installation_has("file"));
	/* Nobody else would know of the one that is left when who listens there, an ssh that ends, is gone. */
	CHECK(installation_has(file) && close(taken) == 0);
	stunnel_stale_remove(tap_directory());
	CHECK(!installation_has(name("one")) && !installation_has("taken"));
	CHECK(installation_has("file"));
}

static void what_a_keeper_holds_stays_until_it_is_killed(void)
{
	char path[256], go;
	int ends[2];
	pid_t pid;

	(void)snprintf(path, sizeof(path), "%s", make_left("held"));
	CHECK(pipe(ends) == 0);
	pid = fork();
	if (pid == 0) {
		CHECK(stunnel_stale_hold(path) >= 0 && write(ends[1], "x", 1) == 1);
		for (;;)
			(void)pause();
	}
	CHECK(read(ends[0], &go, 1) == 1 && close(ends[0]) == 0 && close(ends[1]) == 0);
	make_old(path);
	stunnel_stale_remove(tap_directory());
	CHECK(installation_has(name("held")));
	CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
	stunnel_stale_remove(tap_directory());
	CHECK(!installation_has(name("held")));
}

/* Lets go of the directory once somebody has waited for that. */
static void hold_for_a_while(const char *path)
{
	char go = 'x';
	int ends[2];
	pid_t pid;

	CHECK(pipe(ends) == 0);
	pid = fork();
	if (pid == 0) {
		const struct timespec while_it_waits = { .tv_nsec = 200000000 };

		CHECK(stunnel_stale_hold(path) >= 0 && write(ends[1], &go, 1) == 1);
		(void)nanosleep(&while_it_waits, NULL);
		_exit(0);
	}
	CHECK(read(ends[0], &go, 1) == 1 && close(ends[0]) == 0 && close(ends[1]) == 0);
}

static const char *make_state(const char *random)
{
	static const char state[] = "state=up\0job=812\0step=0\0";
	const char *path = make_left(random);

	write_state(random, state, sizeof(state));
	return path;
}

static void the_keeper_of_a_step_that_has_ended_is_waited_for(void)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s", make_state("step"));
	hold_for_a_while(path);
	stunnel_stale_remove_step(tap_directory(), "812", "1");
	stunnel_stale_remove_step(tap_directory(), "81", "0");
	CHECK(installation_has(name("step")));
	stunnel_stale_remove_step(tap_directory(), "812", "0");
	CHECK(!installation_has(name("step")));
}

static void one_that_another_user_made_is_not_waited_for(void)
{
	const char *others = make_state("others");
	long long start = stunnel_now();

	if (geteuid() != 0)
		tap_skip("needs root, to make another user's directory");
	CHECK(chown(others, NOBODY, NOBODY) == 0);
	stunnel_stale_remove_step(tap_directory(), "812", "0");
	/* For one of our own, four seconds. */
	CHECK(stunnel_now() - start < 4000 && installation_has(name("others")));
}

/* What the user makes of a state holds up whoever looks for a step, but not for ever. */
static void nobody_is_waited_for_for_ever(void)
{
	int held = stunnel_stale_hold(make_state("held"));
	char fifo[96];
	int state;

	CHECK(held >= 0);
	(void)alarm(20);
	stunnel_stale_remove_step(tap_directory(), "812", "0");
	CHECK(installation_has(name("held")));
	/* Nor for somebody who writes a state into a pipe. */
	CHECK(mkdir(installation_path(name("pipe")), 0700) == 0);
	(void)snprintf(fifo, sizeof(fifo), "%s/state", name("pipe"));
	CHECK(mkfifo(installation_path(fifo), 0600) == 0);
	state = stunnel_stale_hold(installation_path(name("pipe")));
	CHECK(state >= 0);
	stunnel_stale_remove_step(tap_directory(), "813", "0");
	CHECK(installation_has(name("pipe")));
	(void)alarm(0);
	CHECK(close(held) == 0 && close(state) == 0);
}

static void one_that_is_being_made_stays(void)
{
	CHECK(mkdir(installation_path(name("young")), 0700) == 0);
	stunnel_stale_remove(tap_directory());
	CHECK(installation_has(name("young")));
}

static void one_that_is_listened_in_stays(void)
{
	char file[96];
	int fd;

	(void)make_left("up");
	(void)snprintf(file, sizeof(file), "%s/ctl", name("up"));
	fd = installation_listen(file);
	stunnel_stale_remove(tap_directory());
	CHECK(installation_has(name("up")));
	CHECK(close(fd) == 0);
	stunnel_stale_remove(tap_directory());
	CHECK(!installation_has(name("up")));
}

static void what_is_not_ours_stays(void)
{
	const char *others = make_left("others");

	if (geteuid() != 0)
		tap_skip("needs root, to make another user's directory");
	CHECK(chown(others, NOBODY, NOBODY) == 0);
	/* An empty one could be removed without looking into it, by root. */
	CHECK(mkdir(installation_path(name("empty")), 0700) == 0);
	make_old(installation_path(name("empty")));
	CHECK(chown(installation_path(name("empty")), NOBODY, NOBODY) == 0);
	CHECK(mkdir(installation_path("stunnel-x"), 0700) == 0);
	make_old(installation_path("stunnel-x"));
	installation_write(name("file"), "");
	make_old(installation_path(name("file")));
	stunnel_stale_remove(tap_directory());
	CHECK(installation_has(name("others")) && installation_has("stunnel-x"));
	CHECK(installation_has(name("empty")) && installation_has(name("file")));
}

/* A child that hangs, and the state that names it. */
static pid_t hang_and_note(struct stunnel_record *state)
{
	pid_t pid = fork();

	if (pid == 0) {
		for (;;)
			(void)pause();
	}
	CHECK(pid > 0);
	stunnel_record_add(state, "state", "up");
	stunnel_survivors_note(state);
	return pid;
}

static void what_a_state_names_is_killed(void)
{
	struct stunnel_record state = { 0 };
	pid_t pid = hang_and_note(&state);
	const char *left = make_left("left");
	int status;

	stunnel_record_end(&state);
	write_state("left", state.data, state.size);
	stunnel_stale_kill_survivors(left);
	CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	/* The state is for others, too. */
	CHECK(installation_has(name("left")));
	stunnel_record_free(&state);
}

/* Where /tmp was cleaned, another user can have made a directory of that name. */
static void but_not_by_a_state_of_somebody_else(void)
{
	struct stunnel_record state = { 0 };
	pid_t pid = hang_and_note(&state);
	char file[96];
	int status;

	(void)make_left("left");
	write_state("left", state.data, state.size); /* which is no message yet */
	stunnel_stale_kill_survivors(installation_path(name("left")));
	stunnel_record_end(&state);
	(void)make_left("elsewhere");
	write_state("elsewhere", state.data, state.size);
	CHECK(symlink(installation_path(name("elsewhere")), installation_path("link")) == 0);
	stunnel_stale_kill_survivors(installation_path("link"));
	(void)snprintf(file, sizeof(file), "%s/state", name("left"));
	CHECK(unlink(installation_path(file)) == 0);
	stunnel_stale_kill_survivors(installation_path(name("left")));
	stunnel_stale_kill_survivors("/nowhere");
	if (geteuid() == 0) {
		CHECK(chown(installation_path(name("elsewhere")), NOBODY, NOBODY) == 0);
		stunnel_stale_kill_survivors(installation_path(name("elsewhere")));
	}
	/* Of several signals that end it, the first one does. */
	CHECK(kill(pid, SIGTERM) == 0 && waitpid(pid, &status, 0) == pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	stunnel_record_free(&state);
}

static void a_link_is_not_followed(void)
{
	long long start = stunnel_now();
	char file[256];

	CHECK(mkdir(installation_path("elsewhere"), 0700) == 0);
	installation_write("elsewhere/state", "");
	CHECK(symlink(installation_path("elsewhere"), installation_path(name("link"))) == 0);
	stunnel_stale_remove(tap_directory());
	CHECK(installation_has("elsewhere/state"));
	/* Nor one inside. */
	(void)make_left("left");
	(void)snprintf(file, sizeof(file), "%s/link", name("left"));
	CHECK(symlink(installation_path("elsewhere"), installation_path(file)) == 0);
	stunnel_stale_remove(tap_directory());
	CHECK(!installation_has(name("left")) && installation_has("elsewhere/state"));
	/* Nor is one that leads to a step's directory waited for. */
	(void)snprintf(file, sizeof(file), "%s", make_state("step"));
	CHECK(unlink(installation_path("elsewhere/state")) == 0);
	CHECK(rmdir(installation_path("elsewhere")) == 0);
	CHECK(rename(file, installation_path("elsewhere")) == 0);
	stunnel_stale_remove_step(tap_directory(), "812", "0");
	CHECK(stunnel_now() - start < 4000 && installation_has("elsewhere/state"));
}

static void a_missing_folder_is_fine(void)
{
	stunnel_stale_remove("/nowhere");
	CHECK(stunnel_stale_hold("/nowhere") == -1);
}

static const struct tap_case cases[] = {
	TAP_CASE(what_killed_keepers_left_is_removed),
	TAP_CASE(so_are_the_sockets_that_nobody_listens_on),
	TAP_CASE(what_a_keeper_holds_stays_until_it_is_killed),
	TAP_CASE(the_keeper_of_a_step_that_has_ended_is_waited_for),
	TAP_CASE(one_that_another_user_made_is_not_waited_for),
	TAP_CASE(nobody_is_waited_for_for_ever),
	TAP_CASE(one_that_is_being_made_stays),
	TAP_CASE(one_that_is_listened_in_stays),
	TAP_CASE(what_is_not_ours_stays),
	TAP_CASE(what_a_state_names_is_killed),
	TAP_CASE(but_not_by_a_state_of_somebody_else),
	TAP_CASE(a_link_is_not_followed),
	TAP_CASE(a_missing_folder_is_fine),
};

TAP_MAIN(cases)
