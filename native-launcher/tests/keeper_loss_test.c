/* SPDX-License-Identifier: Apache-2.0 */
/* A tunnel that is lost, and comes back. */
#include "installation.h"
#include "launcher.h"
#include "tap.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static void a_lost_tunnel_comes_back(void)
{
	pid_t first;

	begin_with_tunnel(STUNNEL_KEEPER);
	first = last_in("masters");
	installation_write("control/log", "known before\n");
	CHECK(kill(first, SIGKILL) == 0);
	CHECK(is_answered("down"));
	EVENTUALLY(commands_are(2, 2));
	CHECK(last_in("masters") != first && kill(last_in("masters"), 0) == 0);
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(commands_are(3, 3));
	/* No JVM was needed for that. */
	CHECK(installation_count("starts", "java           ") == 1);
	end_lifeline();
}

/* The owner reads only in the end, which may be a thousand losses away. */
static void a_tunnel_that_comes_back_takes_no_room_in_the_lifeline(void)
{
	int before;

	begin_with_tunnel(STUNNEL_KEEPER);
	before = told();
	for (int i = 0; i < 2; i++) {
		CHECK(kill(last_in("masters"), SIGKILL) == 0);
		CHECK(is_answered("down") && is_answered("up"));
	}
	CHECK(told() == before);
	end_lifeline();
}

/* Each connection to a forward that leads nowhere adds a line, whoever makes it. */
static void words_that_others_make_long_are_emptied(void)
{
	struct stat status;

	begin_with_tunnel(STUNNEL_HASTY_KEEPER);
	installation_write("control/log", "known before\n");
	CHECK(truncate(installation_path("control/log"), 2 << 20) == 0);
	EVENTUALLY(stat(installation_path("control/log"), &status) == 0 && status.st_size == 0);
	installation_write("control/errors", "known before\n");
	CHECK(truncate(installation_path("control/errors"), 2 << 20) == 0);
	EVENTUALLY(stat(installation_path("control/errors"), &status) == 0 && status.st_size == 0);
	/* What comes then is heard, and no short log is touched. */
	installation_write("control/log", "Timeout\n");
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down"));
	CHECK(says("(ssh: Timeout)"));
	end_lifeline();
}

/* Whoever listens there may be somebody else. */
static void nobody_is_talked_to_in_a_directory_that_others_can_enter(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	CHECK(chmod(installation_path("control"), 0755) == 0);
	end_lifeline();
	CHECK(installation_count("commands", "stop") == 0);
}

static void nobody_is_talked_to_who_is_another_user(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const char *path;

	if (geteuid() != 0)
		tap_skip("needs root, to listen as another user");
	CHECK(unshare(CLONE_NEWNS) == 0);
	CHECK(mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0);
	begin_with_tunnel(STUNNEL_KEEPER);
	path = installation_path("control/theirs");
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	CHECK(seteuid(65534) == 0 && listen(fd, 64) == 0 && seteuid(0) == 0);
	/* Nobody can remove it. */
	CHECK(mount(path, path, "none", MS_BIND, NULL) == 0);
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(installation_count("commands", "start") > 2);
	CHECK(installation_count("commands", "forward") == 1);
	CHECK(installation_count("commands", "stop") == 0);
	CHECK(umount(installation_path("control/theirs")) == 0 && close(fd) == 0);
	EVENTUALLY(installation_count("commands", "forward") == 2);
	end_lifeline();
}

static void a_socket_that_another_tunnel_took_meanwhile_stays(void)
{
	int other;

	begin(STUNNEL_KEEPER, OPENING "say answer=opening|dir=%s/control|stop=%s/libexec/java|stop=stop|"
				      "unlink=%s/web.sock\n" UP READY EOF_);
	open_tunnel();
	other = installation_listen("web.sock");
	installation_write("fail.forward", "");
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && is_answered("up"));
	CHECK(installation_has("web.sock"));
	end_lifeline();
	CHECK(installation_has("web.sock") && close(other) == 0);
}

static void a_lost_tunnel_is_noticed_though_its_companion_lives(void)
{
	pid_t companion;

	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	installation_write("companion", "");
	open_tunnel();
	companion = last_in("companions");
	CHECK(companion > 0 && kill(companion, 0) == 0);
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(commands_are(2, 2));
	CHECK(kill(companion, 0) == -1 && errno == ESRCH);
	end_lifeline();
}

static void a_companion_that_ends_is_no_loss(void)
{
	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	installation_write("companion", "");
	open_tunnel();
	CHECK(kill(last_in("companions"), SIGKILL) == 0);
	EVENTUALLY(kill(last_in("companions"), 0) == -1);
	CHECK(kill(last_in("masters"), 0) == 0);
	end_lifeline();
	CHECK(commands_are(1, 1));
}

/* True when all that the keeper started has ended, and it has not looked yet. */
static bool has_only_zombies(void)
{
	char path[64], line[512], state = 'Z';
	FILE *children, *child;
	long pid;

	(void)snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", (long)keeper.pid,
		       (long)keeper.pid);
	children = fopen(path, "re");
	CHECK(children != NULL);
	while (state == 'Z' && fscanf(children, "%ld", &pid) == 1) {
		(void)snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
		child = fopen(path, "re");
		CHECK(child && fgets(line, sizeof(line), child) && fclose(child) == 0);
		CHECK(sscanf(strrchr(line, ')'), ") %c", &state) == 1);
	}
	CHECK(fclose(children) == 0);
	return state == 'Z';
}

static void a_tunnel_lost_before_it_is_told_comes_back(void)
{
	begin(STUNNEL_KEEPER, OPENING UP "await go\nrun stop\n" READY "note said\n");
	ask("open");
	EVENTUALLY(commands_are(1, 1));
	CHECK(kill(keeper.pid, SIGSTOP) == 0);
	installation_write("go", "");
	EVENTUALLY(installation_count("notes", "said") == 1 && has_only_zombies());
	CHECK(kill(keeper.pid, SIGCONT) == 0);
	CHECK(is_answered("ready"));
	EVENTUALLY(commands_are(2, 2));
	end_lifeline();
}

/* A tunnel that stands, and whose directory has another name by now. */
static void begin_and_move_directory(void)
{
	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	installation_script(2, TAKE "note asked\n" EOF_);
	open_tunnel();
	EVENTUALLY(installation_has("control/state"));
	CHECK(rename(installation_path("control"), installation_path("moved")) == 0);
}

/* Another tunnel is asked for then, with a directory of its own. */
static void lose_for_another_tunnel(void)
{
	/* The keeper may have missed the directory already, and ended it. */
	(void)kill(last_in("masters"), SIGKILL);
	EVENTUALLY(installation_count("notes", "asked") == 1);
}

static void a_directory_that_was_replaced_is_not_used_again(void)
{
	begin_and_move_directory();
	CHECK(mkdir(installation_path("control"), 0700) == 0);
	lose_for_another_tunnel();
	CHECK(installation_count("commands", "start") == 1);
	end_lifeline();
}

static void a_link_in_its_place_is_not_written_through(void)
{
	begin_and_move_directory();
	CHECK(mkdir(installation_path("other"), 0700) == 0);
	CHECK(symlink(installation_path("other"), installation_path("control")) == 0);
	lose_for_another_tunnel();
	CHECK(!installation_has("other/state") && unlink(installation_path("control")) == 0);
	end_lifeline();
}

/* Whoever has it could have a file of the user's written, or a write that never ends. */
static void nor_is_another_users_directory_written_into(void)
{
	if (geteuid() != 0)
		tap_skip("needs root, to make another user's directory");
	begin_and_move_directory();
	CHECK(mkdir(installation_path("control"), 0700) == 0);
	CHECK(mkfifo(installation_path("control/state.new"), 0600) == 0);
	CHECK(chown(installation_path("control"), 65534, 65534) == 0);
	lose_for_another_tunnel();
	CHECK(unlink(installation_path("control/state.new")) == 0);
	CHECK(rmdir(installation_path("control")) == 0);
	end_lifeline();
}

static void a_restart_that_fails_is_tried_again(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	installation_write("fail.start", "");
	installation_write("fail.forward", "");
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	/* Without a start no forward; without that, the start again. */
	EVENTUALLY(commands_are(4, 3));
	CHECK(kill(last_in("masters"), 0) == 0);
	end_lifeline();
}

static void a_restart_that_hangs_is_tried_again(void)
{
	begin_with_tunnel(STUNNEL_HASTY_KEEPER);
	installation_write("hang.start", "");
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(installation_count("commands", "start") >= 3);
	CHECK(unlink(installation_path("hang.start")) == 0);
	EVENTUALLY(installation_count("commands", "forward") == 2);
	end_lifeline();
}

/* What a knock does to the other end is a file of ours that it makes. */
#define KNOCK(file) READY_WITH("|knock=/usr/bin/touch|knock=%s/" file)

static void a_listener_that_a_knock_frees_is_had_at_once(void)
{
	begin(STUNNEL_KEEPER, OPENING UP KNOCK("knocked") EOF_);
	open_tunnel();
	installation_write("fail.forward", "");
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && is_answered("up"));
	CHECK(installation_has("knocked"));
	/* The same ssh is asked again. */
	CHECK(commands_are(2, 3));
	end_lifeline();
}

/* It is still taken, or another forward fails: the next attempt has its pause. */
static void one_that_a_knock_does_not_free_is_asked_for_just_once_more(void)
{
	begin(STUNNEL_KEEPER, OPENING UP KNOCK("fail.forward") EOF_);
	open_tunnel();
	installation_write("fail.forward", "");
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && is_answered("up"));
	CHECK(commands_are(3, 4));
	end_lifeline();
}

static void the_lifeline_ends_a_restart_too(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	installation_write("hang.start", "");
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(commands_are(2, 1));
	end_lifeline();
}

static const struct tap_case cases[] = {
	TAP_CASE(a_restart_that_hangs_is_tried_again),
	TAP_CASE(a_lost_tunnel_comes_back),
	TAP_VARIATION(a_tunnel_that_comes_back_takes_no_room_in_the_lifeline),
	TAP_CASE(words_that_others_make_long_are_emptied),
	TAP_CASE(nobody_is_talked_to_in_a_directory_that_others_can_enter),
	TAP_CASE(nobody_is_talked_to_who_is_another_user),
	TAP_CASE(a_socket_that_another_tunnel_took_meanwhile_stays),
	TAP_CASE(a_lost_tunnel_is_noticed_though_its_companion_lives),
	TAP_VARIATION(a_companion_that_ends_is_no_loss),
	TAP_VARIATION(a_tunnel_lost_before_it_is_told_comes_back),
	TAP_CASE(a_directory_that_was_replaced_is_not_used_again),
	TAP_CASE(a_link_in_its_place_is_not_written_through),
	TAP_CASE(nor_is_another_users_directory_written_into),
	TAP_CASE(a_restart_that_fails_is_tried_again),
	TAP_CASE(a_listener_that_a_knock_frees_is_had_at_once),
	TAP_CASE(one_that_a_knock_does_not_free_is_asked_for_just_once_more),
	TAP_VARIATION(the_lifeline_ends_a_restart_too),
};

TAP_MAIN(cases)
