/* SPDX-License-Identifier: Apache-2.0 */
/* A tunnel that is lost, and comes back. */
#include "installation.h"
#include "launcher.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- a tunnel that is lost ------------------------------------------------------- */

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
static void a_log_that_others_make_long_is_emptied(void)
{
	struct stat status;

	begin_with_tunnel(STUNNEL_HASTY_KEEPER);
	installation_write("control/log", "known before\n");
	CHECK(truncate(installation_path("control/log"), 2 << 20) == 0);
	EVENTUALLY(stat(installation_path("control/log"), &status) == 0 && status.st_size == 0);
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

static void the_user_is_told_what_ssh_said_last(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	EVENTUALLY(installation_has("control/state"));
	installation_write("control/log", "Warning: added a key\nTimeout,\tcn1 \351\r\n\n");
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down"));
	CHECK(says("tunnel down: login:8001 -> cn1:8000 (ssh: Timeout,?cn1 ?); connecting again"));
	CHECK(is_answered("up") && says("tunnel up again: login:8001 -> cn1:8000 (after "));
	/* A loss without a word of ssh's. */
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && says("(ssh: ended)"));
	end_lifeline();
}

/* The keeper gets this descriptor as its voice; it is closed here. */
static void ask_with_this_voice(int voice)
{
	struct stunnel_record request = { 0 };

	stunnel_record_add(&request, "request", "open");
	stunnel_record_end(&request);
	CHECK(stunnel_lifeline_open(&lifeline) == 0);
	lifeline.voice = voice;
	CHECK(stunnel_keeper_send(&keeper, &request, &lifeline, error) == 0);
	CHECK(close(voice) == 0);
	stunnel_record_free(&request);
}

/* Opens a pipe, whose one end goes to the keeper as its voice. Returns the other one. */
static int ask_with_voice(void)
{
	int pipe[2];

	CHECK(pipe2(pipe, O_CLOEXEC | O_NONBLOCK) == 0);
	ask_with_this_voice(pipe[1]);
	return pipe[0];
}

/* Reads lines until one begins with `wanted`. */
static bool hears(int voice, const char *wanted)
{
	static char heard[4096];
	size_t size = strlen(heard);
	ssize_t count = read(voice, heard + size, sizeof(heard) - 1 - size);

	heard[size + (count > 0 ? (size_t)count : 0)] = '\0';
	return strstr(heard, wanted) != NULL;
}

/* What ssh wrote while it was opened is no reason for its end. */
static void the_user_is_not_told_what_ssh_said_before(void)
{
	begin(STUNNEL_KEEPER, OPENING UP "await go\n" READY EOF_);
	ask("open");
	EVENTUALLY(commands_are(1, 1));
	installation_write("control/log", "Warning: added a key\n");
	installation_write("go", "");
	CHECK(is_answered("ready"));
	EVENTUALLY(installation_has("control/state"));
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && says("(ssh: ended)"));
	end_lifeline();
}

static void a_task_hears_of_its_tunnel_on_its_standard_error(void)
{
	char byte;
	int voice;

	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	voice = ask_with_voice();
	CHECK(is_answered("ready"));
	stunnel_keeper_hang_up(&keeper);
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(hears(voice, "tunnel down: login:8001 -> cn1:8000 (ssh: ended)"));
	EVENTUALLY(hears(voice, "tunnel up again: login:8001 -> cn1:8000 (after "));
	end_lifeline();
	CHECK(read(voice, &byte, 1) == 0 && close(voice) == 0);
}

static void a_voice_that_nobody_reads_holds_nothing_up(void)
{
	static const char filling[65536];
	int reading, writing;
	char path[64];

	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	reading = ask_with_voice();
	CHECK(is_answered("ready"));
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", reading);
	writing = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	CHECK(writing >= 0 && write(writing, filling, sizeof(filling)) == sizeof(filling));
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(commands_are(2, 2));
	end_lifeline();
	CHECK(close(reading) == 0 && close(writing) == 0);
}

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

static void what_slurmstepd_has_done_runs_no_command(void)
{
	installation_make(STUNNEL_KEEPER);
	have_done("clear");
	CHECK(!installation_has("commands"));
	have_done("sweep");
	CHECK(installation_count("commands", "stop") == 1);
	CHECK(installation_count("commands", "transfer") == 1);
}

static bool is_writable(int fd)
{
	struct pollfd writable = { .fd = fd, .events = POLLOUT };

	/* A worker of the kernel's makes the room. */
	return poll(&writable, 1, 20) == 1 && (writable.revents & POLLOUT) != 0;
}

/* Opens a terminal that takes some bytes more, but not a line. Returns its other end. */
static int open_full_terminal(int *terminal)
{
	/* The kernel makes room for 512 bytes at a time. */
	static const char nearly_all[512 - 8];
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	char byte = 'x';
	int flags;

	CHECK(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	*terminal = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	CHECK(*terminal >= 0);
	flags = fcntl(*terminal, F_GETFL);
	CHECK(fcntl(*terminal, F_SETFL, flags | O_NONBLOCK) == 0);
	while (write(*terminal, &byte, 1) == 1)
		;
	do {
		while (!is_writable(*terminal))
			CHECK(read(master, &byte, 1) == 1);
		CHECK(write(*terminal, nearly_all, sizeof(nearly_all)) > 0);
	} while (!is_writable(*terminal));
	CHECK(fcntl(*terminal, F_SETFL, flags) == 0);
	return master;
}

/* As that of salloc's user, whose connection hangs. */
static void nor_does_a_terminal_that_is_stuck(void)
{
	int master, terminal;

	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	master = open_full_terminal(&terminal);
	ask_with_this_voice(terminal);
	CHECK(is_answered("ready"));
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(commands_are(2, 2));
	end_lifeline();
	CHECK(close(master) == 0);
}

static void what_a_tunnel_is_can_be_read_beside_it(void)
{
	const char *state;

	begin(STUNNEL_KEEPER, OPENING "say answer=opening|dir=%s/control|stop=%s/libexec/java|stop=stop|"
			      "unlink=/nowhere/web.sock\n" UP READY EOF_);
	open_tunnel();
	EVENTUALLY(installation_has("control/state"));
	state = installation_read("control/state");
	CHECK(strncmp(state, "state=up", 9) == 0);
	/* For whoever finds it when all are killed. */
	CHECK(memmem(state, 256, "\0unlink=/nowhere/web.sock", 26));
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && is_answered("up"));
	EVENTUALLY(installation_has("control/state"));
	end_lifeline();
}

static void so_can_what_kept_it_from_coming_back(void)
{
	static const char lost[] = "state=reconnecting\0reason=Warning: a key?\nConnection refused";

	begin(STUNNEL_KEEPER, OPENING UP "await go\n" READY EOF_);
	ask("open");
	EVENTUALLY(commands_are(1, 1));
	/* More than ssh says below, in a log of its own. */
	installation_write("control/log", "Warning: a key that nobody has seen so far, of a host\n");
	installation_write("go", "");
	CHECK(is_answered("ready"));
	EVENTUALLY(installation_has("control/state"));
	installation_write("fail.start", "Warning: a key\033\r\nConnection refused\r\n");
	installation_write("hang.start", "");
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(commands_are(3, 1));
	CHECK(memcmp(installation_read("control/state"), lost, sizeof(lost)) == 0);
	end_lifeline();
}

/* Leaves it as `stunnel open` would, but for what is behind it, and waits until it was looked at. */
static void leave_commands(const struct stunnel_record *words, const char *behind)
{
	int file;

	EVENTUALLY(installation_has("control/state"));
	file = open(installation_path("control/commands"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CHECK(file >= 0 && write(file, words->data, words->size) == (ssize_t)words->size);
	CHECK(write(file, behind, strlen(behind)) == (ssize_t)strlen(behind));
	CHECK(close(file) == 0);
	CHECK(kill(keeper.pid, SIGUSR1) == 0);
	EVENTUALLY(!installation_has("control/commands"));
}

/* A change of the tunnel of `directory`, without its end. */
static struct stunnel_record change_of(const char *directory)
{
	const char *java = installation_path("libexec/java");
	const char *const fields[][2] = { { "dir", installation_path(directory) },
					  { "stop", java }, { "stop", "stop" },
					  { "start", java }, { "start", "start" },
					  { "forward", "/usr/bin/touch" },
					  { "forward", installation_path("revised") },
					  { "plan", "9001" },
					  { "routes", "login:9001 -> cn1:9001" } };
	struct stunnel_record words = { 0 };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		stunnel_record_add(&words, fields[i][0], fields[i][1]);
	return words;
}

static void revise(const char *directory)
{
	struct stunnel_record words = change_of(directory);

	stunnel_record_end(&words);
	leave_commands(&words, "");
	stunnel_record_free(&words);
}

/* True when the keeper tells of the tunnel as revise() made it. */
static bool is_revised(void)
{
	const char *state = installation_read("control/state");

	/* Field by field: it may have grown since. */
	while (*state && strcmp(state, "plan=9001") != 0)
		state += strlen(state) + 1;
	return *state != '\0';
}

static void what_was_changed_holds_after_a_loss_too(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	revise("control");
	EVENTUALLY(is_revised());
	CHECK(!installation_has("revised"));
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && says("tunnel down: login:9001 -> cn1:9001"));
	CHECK(is_answered("up") && installation_has("revised"));
	EVENTUALLY(is_revised());
	end_lifeline();
}

static void a_change_of_another_tunnel_is_none(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	revise("elsewhere");
	CHECK(!is_revised());
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && says("tunnel down: login:8001 -> cn1:8000"));
	EVENTUALLY(commands_are(2, 2));
	end_lifeline();
}

static void a_change_that_is_no_message_is_none(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	EVENTUALLY(installation_has("control/state"));
	CHECK(kill(keeper.pid, SIGUSR1) == 0);
	installation_write("control/commands", "forward=/bin/true");
	CHECK(kill(keeper.pid, SIGUSR1) == 0);
	EVENTUALLY(!installation_has("control/commands"));
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(commands_are(2, 2));
	end_lifeline();
}

/* Either would be one of this tunnel but for the byte behind it. */
static void a_change_with_something_behind_it_is_none(void)
{
	static char filler[STUNNEL_RECORD_MAX];
	struct stunnel_record words;

	begin_with_tunnel(STUNNEL_KEEPER);
	for (int fills = 0; fills < 2; fills++) {
		words = change_of("control");
		if (fills) {
			memset(filler, 'x', sizeof(filler));
			/* Up to the last byte that fits: of what is behind, nothing is read. */
			filler[STUNNEL_RECORD_MAX - words.size - sizeof("filler=") - 1] = '\0';
			stunnel_record_add(&words, "filler", filler);
		}
		stunnel_record_end(&words);
		CHECK(!words.failed && (!fills || words.size == STUNNEL_RECORD_MAX));
		leave_commands(&words, "x");
		stunnel_record_free(&words);
	}
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && says("tunnel down: login:8001 -> cn1:8000"));
	EVENTUALLY(commands_are(2, 2));
	end_lifeline();
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

static void a_directory_that_was_replaced_is_not_used_again(void)
{
	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	installation_script(2, TAKE "note asked\n" EOF_);
	open_tunnel();
	EVENTUALLY(installation_has("control/state"));
	CHECK(rename(installation_path("control"), installation_path("moved")) == 0);
	CHECK(mkdir(installation_path("control"), 0700) == 0);
	/* The keeper may have missed the directory already, and ended it. */
	(void)kill(last_in("masters"), SIGKILL);
	/* Another tunnel is asked for, with a directory of its own. */
	EVENTUALLY(installation_count("notes", "asked") == 1);
	CHECK(installation_count("commands", "start") == 1);
	end_lifeline();
}

static void a_link_in_its_place_is_not_written_through(void)
{
	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	installation_script(2, TAKE "note asked\n" EOF_);
	open_tunnel();
	EVENTUALLY(installation_has("control/state"));
	CHECK(rename(installation_path("control"), installation_path("moved")) == 0);
	CHECK(mkdir(installation_path("other"), 0700) == 0);
	CHECK(symlink(installation_path("other"), installation_path("control")) == 0);
	/* The keeper may have missed the directory already, and ended it. */
	(void)kill(last_in("masters"), SIGKILL);
	EVENTUALLY(installation_count("notes", "asked") == 1);
	CHECK(!installation_has("other/state") && unlink(installation_path("control")) == 0);
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
	TAP_CASE(a_log_that_others_make_long_is_emptied),
	TAP_CASE(nobody_is_talked_to_in_a_directory_that_others_can_enter),
	TAP_CASE(nobody_is_talked_to_who_is_another_user),
	TAP_CASE(the_user_is_told_what_ssh_said_last),
	TAP_CASE(the_user_is_not_told_what_ssh_said_before),
	TAP_CASE(a_task_hears_of_its_tunnel_on_its_standard_error),
	TAP_CASE(a_voice_that_nobody_reads_holds_nothing_up),
	TAP_CASE(nor_does_a_terminal_that_is_stuck),
	TAP_CASE(what_slurmstepd_has_done_runs_no_command),
	TAP_CASE(an_ssh_that_has_yet_to_end_leaves_no_socket),
	TAP_CASE(a_socket_that_another_tunnel_took_meanwhile_stays),
	TAP_CASE(what_a_tunnel_is_can_be_read_beside_it),
	TAP_CASE(so_can_what_kept_it_from_coming_back),
	TAP_CASE(what_was_changed_holds_after_a_loss_too),
	TAP_VARIATION(a_change_of_another_tunnel_is_none),
	TAP_CASE(a_change_that_is_no_message_is_none),
	TAP_CASE(a_change_with_something_behind_it_is_none),
	TAP_CASE(a_lost_tunnel_is_noticed_though_its_companion_lives),
	TAP_VARIATION(a_companion_that_ends_is_no_loss),
	TAP_VARIATION(a_tunnel_lost_before_it_is_told_comes_back),
	TAP_CASE(a_directory_that_was_replaced_is_not_used_again),
	TAP_CASE(a_link_in_its_place_is_not_written_through),
	TAP_CASE(a_restart_that_fails_is_tried_again),
	TAP_CASE(a_listener_that_a_knock_frees_is_had_at_once),
	TAP_CASE(one_that_a_knock_does_not_free_is_asked_for_just_once_more),
	TAP_VARIATION(the_lifeline_ends_a_restart_too),
};

TAP_MAIN(cases)
