/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peer: takes the place of the programs that launcher and keeper start.
 *
 * PREFIX/libexec/java @…           the runtime: does what PREFIX/script.N says
 * PREFIX/libexec/stunnel-keeper …  a keeper, by the same kind of script
 * PREFIX/libexec/java start        ssh -f -M: leaves a master, a daemon that
 *                                  listens on PREFIX/control/ctl
 * PREFIX/libexec/java forward      ssh -O forward: succeeds if there is a master
 * PREFIX/libexec/java stop         ssh -O exit: ends the master
 *
 * Each start is told in PREFIX/starts, a runtime's arguments in PREFIX/arguments,
 * each command in PREFIX/commands. A command
 * fails while it can take a file PREFIX/fail.COMMAND away, and leaves what that says
 * in ssh's log; else it hangs where there is PREFIX/hang.COMMAND. A master brings a companion along that outlives it, as
 * a ProxyCommand may, if there is PREFIX/companion.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A script, and a line of it, is not longer. */
enum { MESSAGE_MAX = 65536 };

static char prefix[64];
static int channel = STDIN_FILENO;
static int lifeline = -1;

static const char *path(const char *file)
{
	static char text[sizeof(((struct sockaddr_un *)NULL)->sun_path)];

	(void)snprintf(text, sizeof(text), "%s/%s", prefix, file);
	return text;
}

static int append(const char *file, const void *bytes, size_t size)
{
	int fd = open(path(file), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size || close(fd) != 0)
		_exit(3);
	return 0;
}

static void note(const char *file, const char *line)
{
	char text[256];

	append(file, text, (size_t)snprintf(text, sizeof(text), "%s\n", line));
}

static void hang(const char *none)
{
	(void)none;
	for (;;)
		(void)pause();
}

/* --- the ssh commands ----------------------------------------------------- */

static int control(int (*use)(int, const struct sockaddr *, socklen_t))
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path("control/ctl"));
	return use(fd, (struct sockaddr *)&address, sizeof(address)) == 0 ? fd : -1;
}

static pid_t daemonise(void)
{
	pid_t pid = fork();

	if (pid == 0)
		(void)setsid();
	return pid;
}

static int start(void)
{
	pid_t master, companion;
	char line[32];
	int fd;

	/* First, so that it never has the socket. */
	companion = access(path("companion"), F_OK) == 0 ? fork() : -1;
	if (companion == 0)
		hang(NULL);
	fd = control(bind);
	if (fd < 0 || listen(fd, 8) != 0)
		return 255;
	master = daemonise();
	if (master == 0)
		hang(NULL);
	(void)snprintf(line, sizeof(line), "%ld", (long)master);
	note("masters", line);
	(void)snprintf(line, sizeof(line), "%ld", (long)companion);
	note("companions", line);
	(void)close(fd);
	return 0;
}

static int forward(void)
{
	return control(connect) >= 0 ? 0 : 255;
}

static int stop(void)
{
	FILE *masters = control(connect) >= 0 ? fopen(path("masters"), "re") : NULL;
	long master = 0;

	if (!masters)
		return 255;
	while (fscanf(masters, "%ld", &master) == 1)
		;
	(void)fclose(masters);
	(void)unlink(path("control/ctl"));
	return master > 0 && kill((pid_t)master, SIGKILL) == 0 ? 0 : 255;
}

static int command(const char *name)
{
	char file[32];
	char log[sizeof(prefix) + sizeof("/control/log")];

	note("commands", name);
	(void)snprintf(log, sizeof(log), "%s/control/log", prefix);
	(void)snprintf(file, sizeof(file), "fail.%s", name);
	if (rename(path(file), log) == 0)
		return 255;
	(void)snprintf(file, sizeof(file), "hang.%s", name);
	if (access(path(file), F_OK) == 0)
		hang(NULL);
	if (strcmp(name, "start") == 0)
		return start();
	return strcmp(name, "forward") == 0 ? forward() : stop();
}

/* --- the script ------------------------------------------------------------ */

/* Takes one message, which ends with two NULs, and adds it to PREFIX/requests, a field a line. */
static void take(const char *none)
{
	char before = '\0';
	char byte;

	(void)none;
	for (;;) {
		if (read(channel, &byte, 1) != 1)
			_exit(4);
		append("requests", byte == '\0' ? "\n" : &byte, 1);
		if (byte == '\0' && before == '\0')
			return;
		before = byte;
	}
}

static void write_all(const char *bytes, size_t size)
{
	int fd = channel == STDIN_FILENO ? STDOUT_FILENO : channel;

	while (size > 0) {
		ssize_t count = write(fd, bytes, size);

		if (count <= 0)
			_exit(5);
		bytes += count;
		size -= (size_t)count;
	}
}

/* Makes the message that `words` are the fields of. Returns its size. */
static size_t compose(const char *words, char message[static MESSAGE_MAX])
{
	size_t size = strlen(words);

	for (size_t i = 0; i <= size; i++) {
		message[i] = words[i];
		if (words[i] == '|')
			message[i] = '\0';
	}
	message[size + 1] = '\0';
	return size + 2;
}

static void say(const char *words)
{
	static char message[MESSAGE_MAX];

	write_all(message, compose(words, message));
}

static void raw(const char *words)
{
	write_all(words, strlen(words));
}

static void flood(const char *words)
{
	char bytes[4096];
	size_t size = strtoul(words, NULL, 10);

	memset(bytes, 'x', sizeof(bytes));
	for (size_t count; size > 0; size -= count) {
		count = size < sizeof(bytes) ? size : sizeof(bytes);
		write_all(bytes, count);
	}
}

static void await_end(int fd)
{
	char byte;

	while (read(fd, &byte, 1) > 0)
		;
}

/* Copies a file of /proc/self, NULs as line ends. */
static void copy(const char *from, const char *label)
{
	char bytes[8192];
	FILE *in = fopen(from, "re");
	size_t size = in ? fread(bytes, 1, sizeof(bytes), in) : 0;

	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '\0')
			bytes[i] = '\n';
	}
	note("report", label);
	append("report", bytes, size);
	if (in)
		(void)fclose(in);
}

/* Tells all that this process got from the one that started it. */
static void report(const char *none)
{
	char line[512], target[256];
	DIR *list = opendir("/proc/self/fd");
	const struct dirent *entry;
	ssize_t size;

	(void)none;
	while (list && (entry = readdir(list))) {
		int fd = atoi(entry->d_name);

		if (entry->d_name[0] == '.' || fd == dirfd(list))
			continue;
		(void)snprintf(line, sizeof(line), "/proc/self/fd/%d", fd);
		size = readlink(line, target, sizeof(target) - 1);
		target[size > 0 ? size : 0] = '\0';
		target[strcspn(target, "[")] = '\0';
		(void)snprintf(line, sizeof(line), "fd %d %.255s", fd, target);
		note("report", line);
	}
	if (list)
		(void)closedir(list);
	if (getcwd(target, sizeof(target))) {
		(void)snprintf(line, sizeof(line), "cwd %.255s", target);
		note("report", line);
	}
	(void)snprintf(line, sizeof(line), "session %s",
		       getsid(0) == getppid() ? "the parent's" : "another");
	note("report", line);
	(void)snprintf(line, sizeof(line), "umask %03o", (unsigned int)umask(077));
	note("report", line);
	copy("/proc/self/status", "status");
	copy("/proc/self/limits", "limits");
	copy("/proc/self/environ", "environment");
	copy("/proc/self/cmdline", "arguments");
	note("report", "end");
}

/* Takes a request and the lifeline that comes with it. */
static void take_lifeline(const char *none)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} ancillary;
	char bytes[4096];
	struct iovec buffer = { .iov_base = bytes, .iov_len = sizeof(bytes) };
	struct msghdr message = { .msg_iov = &buffer,
				  .msg_iovlen = 1,
				  .msg_control = ancillary.space,
				  .msg_controllen = sizeof(ancillary.space) };

	(void)none;
	if (recvmsg(channel, &message, MSG_CMSG_CLOEXEC) <= 0 || !CMSG_FIRSTHDR(&message))
		_exit(6);
	memcpy(&lifeline, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(lifeline));
}

/* Tells the owner of the lifeline, in one packet. */
static void tell(const char *words)
{
	static char packet[MESSAGE_MAX];

	if (send(lifeline, packet, compose(words, packet), MSG_NOSIGNAL) < 0)
		_exit(7);
}

/* As many bytes, in one packet. */
static void tell_much(const char *words)
{
	static char packet[1024 * 1024] = "request=sweep";
	const int room = sizeof(packet);
	size_t size = strtoul(words, NULL, 10);

	for (size_t i = sizeof("request=sweep"); i + 2 < size; i++)
		packet[i] = i == sizeof("request=sweep") + 1 ? '=' : 'x';
	if (setsockopt(lifeline, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room)) != 0 ||
	    send(lifeline, packet, size, MSG_NOSIGNAL) < 0)
		_exit(7);
}

static void babble(const char *none)
{
	(void)none;
	while (send(lifeline, "request=sweep", 14, MSG_NOSIGNAL) > 0)
		;
}

static void await_file(const char *file)
{
	const struct timespec pause = { .tv_nsec = 2000000 };

	while (access(path(file), F_OK) != 0)
		(void)nanosleep(&pause, NULL);
}

/* In a process of its own, so that the master is nobody's child but the keeper's. */
static void run(const char *name)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(command(name));
	(void)waitpid(pid, NULL, 0);
}

static void eof(const char *none)
{
	(void)none;
	await_end(channel);
}

static void end(const char *none)
{
	(void)none;
	await_end(lifeline);
}

static void make_directory(const char *name)
{
	(void)mkdir(name, 0700);
}

static void tell_notes(const char *words)
{
	note("notes", words);
}

static void stubborn(const char *none)
{
	(void)none;
	(void)signal(SIGTERM, SIG_IGN);
}

static void fork_one(const char *none)
{
	if (fork() == 0)
		hang(none);
}

static void die(const char *none)
{
	(void)none;
	(void)raise(SIGKILL);
}

static void leave(const char *status)
{
	_exit(atoi(status));
}

/* The words of the script's language; "|" separates the fields of a message. */
static const struct {
	const char *name;
	void (*run)(const char *words);
} words_known[] = {
	{ "take", take },	    /* take a request, add it to PREFIX/requests */
	{ "say", say },		    /* answer with these fields */
	{ "raw", raw },		    /* answer with these bytes */
	{ "flood", flood },	    /* answer with so many letters */
	{ "run", run },		    /* run a command of ssh's: start, forward or stop */
	{ "report", report },	    /* tell in PREFIX/report what this process is like */
	{ "lifeline", take_lifeline }, /* take a request with a lifeline */
	{ "tell", tell },	    /* tell its owner these fields */
	{ "tell_much", tell_much }, /* tell it so many bytes */
	{ "babble", babble },	    /* tell its owner things until it is gone */
	{ "eof", eof },		    /* wait until nobody asks any more */
	{ "end", end },		    /* wait until the owner is gone */
	{ "await", await_file },    /* wait for a file below PREFIX */
	{ "mkdir", make_directory },
	{ "note", tell_notes }, /* add a line to PREFIX/notes */
	{ "stubborn", stubborn }, /* ignore SIGTERM */
	{ "fork", fork_one },	/* leave a child that hangs */
	{ "die", die },
	{ "exit", leave },
	{ "hang", hang },
};

static void do_line(char *line)
{
	char *words = line + strcspn(line, " ");

	if (*words)
		*words++ = '\0';
	for (size_t i = 0; i < sizeof(words_known) / sizeof(words_known[0]); i++) {
		if (strcmp(line, words_known[i].name) == 0) {
			words_known[i].run(words);
			return;
		}
	}
	_exit(2);
}

/* Which start of this program it is: the lines of PREFIX/starts tell. */
static int count_start(const char *name)
{
	struct stat status;
	char line[16];

	(void)snprintf(line, sizeof(line), "%-15s", name);
	append("starts", line, 15);
	append("starts", "\n", 1);
	return stat(path("starts"), &status) == 0 ? (int)(status.st_size / 16) : 0;
}

static int follow_script(const char *name)
{
	static char text[MESSAGE_MAX];
	char file[32];
	FILE *script;

	(void)snprintf(file, sizeof(file), "script.%d", count_start(name));
	script = fopen(path(file), "re");
	if (!script)
		script = fopen(path("script.0"), "re");
	if (!script)
		return 2;
	text[fread(text, 1, sizeof(text) - 1, script)] = '\0';
	(void)fclose(script);
	for (char *line = text, *next; *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		do_line(line);
	}
	return 0;
}

int main(int argc, char *argv[])
{
	char *slash = strstr(argv[0], "/libexec/");

	if (!slash || argc < 2 || (size_t)(slash - argv[0]) >= sizeof(prefix))
		return 2;
	memcpy(prefix, argv[0], (size_t)(slash - argv[0]));
	if (strcmp(slash, "/libexec/stunnel-keeper") == 0) {
		channel = atoi(argv[1]);
		return follow_script("keeper");
	}
	if (argv[1][0] != '@')
		return command(argv[1]);
	for (int i = 1; i < argc; i++)
		note("arguments", argv[i]);
	return follow_script("java");
}
