/* SPDX-License-Identifier: Apache-2.0 */
/* What the user hears of a tunnel that is lost. */
#include "installation.h"
#include "launcher.h"
#include "tap.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
	/* As it ends with LogLevel VERBOSE. */
	CHECK(is_answered("up"));
	installation_write("control/log", "Timeout\nTransferred: sent 1, received 2 bytes, in 1 s\n"
					  "Bytes per second: sent 1, received 2\n");
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && says("(ssh: Timeout)") && is_answered("up"));
	installation_write("control/log", "Bytes per second: sent 1, received 2\n");
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && says("(ssh: ended)"));
	end_lifeline();
}

/* It has standard error for as long as the tunnel stands, also of an ssh that the keeper started. */
static void a_proxy_command_is_heard_too(void)
{
	struct stat given, file;
	char path[64];

	begin_with_tunnel(STUNNEL_KEEPER);
	EVENTUALLY(installation_has("control/state"));
	for (int i = 0; i < 2; i++) {
		installation_write("control/errors", "the jump host closed\n");
		CHECK(kill(last_in("masters"), SIGKILL) == 0);
		CHECK(is_answered("down") && says("(ssh: the jump host closed)"));
		CHECK(is_answered("up"));
		(void)snprintf(path, sizeof(path), "/proc/%ld/fd/2", (long)last_in("masters"));
		CHECK(stat(path, &given) == 0 && stat(installation_path("control/errors"), &file) == 0);
		CHECK(given.st_ino == file.st_ino && file.st_size == 0);
	}
	installation_write("control/log", "Broken pipe\n");
	installation_write("control/errors", "the jump host closed\n");
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && says("(ssh: Broken pipe; the jump host closed)"));
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
	installation_write("control/errors", "Welcome\n");
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

static const struct tap_case cases[] = {
	TAP_CASE(the_user_is_told_what_ssh_said_last),
	TAP_CASE(the_user_is_not_told_what_ssh_said_before),
	TAP_CASE(a_proxy_command_is_heard_too),
	TAP_CASE(a_task_hears_of_its_tunnel_on_its_standard_error),
	TAP_CASE(a_voice_that_nobody_reads_holds_nothing_up),
	TAP_CASE(nor_does_a_terminal_that_is_stuck),
};

TAP_MAIN(cases)
