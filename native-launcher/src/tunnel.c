/* SPDX-License-Identifier: Apache-2.0 */
#include "tunnel.h"

#include "directory.h"
#include "stale.h"
#include "supervise.h"
#include "survivors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Files beside the control socket, which the runtime and `stunnel list` know too. */
static const char LOG[] = "log";
static const char STATE[] = "state";
static const char NEW_STATE[] = "state.new";
static const char BATCH[] = "batch";

enum {
	TRANSFER_MS = 1000, /* for the other host to remove its sockets */
	LEAVE_MS = 1000	    /* for an ssh that was killed to be gone */
};

/* More than ssh has to say of itself. Each connection that finds nobody adds a line. */
enum { LOG_MAX = 1 << 20 };

void stunnel_tunnel_keep(struct stunnel_record *record, const struct stunnel_record *answer,
			 size_t size)
{
	stunnel_record_free(record);
	stunnel_record_append(record, answer->data, size);
}

/* Adds the values of a field. */
static void copy(const struct stunnel_record *from, const char *key, struct stunnel_record *to)
{
	for (const char *value = NULL; (value = stunnel_record_next(from, key, value));)
		stunnel_record_add(to, key, value);
}

void stunnel_tunnel_keep_names(struct stunnel_record *record, const struct stunnel_record *answer)
{
	stunnel_record_free(record);
	copy(answer, "dir", record);
	copy(answer, "unlink", record);
	copy(answer, "process", record);
	stunnel_record_end(record);
}

static void let_go(struct stunnel_tunnel *tunnel)
{
	if (tunnel->hold > 0)
		(void)close(tunnel->hold);
	tunnel->hold = 0;
}

void stunnel_tunnel_hold(struct stunnel_tunnel *tunnel)
{
	const char *directory = stunnel_record_get(&tunnel->traces, "dir");
	const char *slash = directory ? strrchr(directory, '/') : NULL;
	char *parent = slash ? strndup(directory, (size_t)(slash - directory)) : NULL;

	let_go(tunnel);
	if (directory)
		tunnel->hold = stunnel_stale_hold(directory);
	if (parent)
		stunnel_stale_remove(parent);
	free(parent);
}

void stunnel_tunnel_bequeath(const struct stunnel_tunnel *tunnel, struct stunnel_record *request)
{
	static const char *const keys[] = { "dir", "stop", "unlink", "transfer", "batch" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		copy(&tunnel->traces, keys[i], request);
	stunnel_survivors_note(request);
}

void stunnel_tunnel_forget(struct stunnel_tunnel *tunnel)
{
	const char *directory = stunnel_record_get(&tunnel->traces, "dir");

	if (directory)
		stunnel_directory_remove(directory);
	let_go(tunnel);
	stunnel_record_free(&tunnel->traces);
	stunnel_record_free(&tunnel->commands);
}

/* Whether the control directory's name still leads to the one that we hold. */
static bool is_ours(const struct stunnel_tunnel *tunnel)
{
	const char *directory = stunnel_record_get(&tunnel->traces, "dir");
	struct stat held, named;

	return tunnel->hold > 0 && directory && fstat(tunnel->hold, &held) == 0 &&
	       lstat(directory, &named) == 0 && held.st_dev == named.st_dev &&
	       held.st_ino == named.st_ino;
}

bool stunnel_tunnel_can_restart(const struct stunnel_tunnel *tunnel)
{
	/* Where something removed it, another user can have made one of that name. */
	return stunnel_record_get(&tunnel->commands, "start") && is_ours(tunnel);
}

bool stunnel_tunnel_is_lost(const struct stunnel_tunnel *tunnel)
{
	const char *directory = stunnel_record_get(&tunnel->traces, "dir");
	siginfo_t ignored;

	/* We are the subreaper of the master: no child left, no master left. */
	if (waitid(P_ALL, 0, &ignored, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD)
		return true;
	/* But ssh's ProxyCommand, or a shared connection to a jump host, can outlive it. */
	return directory && !stunnel_directory_listens(directory);
}

/* The control directory, open. Returns the descriptor or -1. */
static int open_directory(const struct stunnel_tunnel *tunnel)
{
	const char *path = stunnel_record_get(&tunnel->traces, "dir");

	return path ? open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
}

/* A file in it; what O_CREAT makes is for the user alone. Returns the descriptor or -1. */
static int open_file(const struct stunnel_tunnel *tunnel, const char *name, int flags)
{
	int directory = open_directory(tunnel);
	int file = directory < 0 ? -1 : openat(directory, name, flags | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (directory >= 0)
		(void)close(directory);
	return file;
}

static int open_log(const struct stunnel_tunnel *tunnel)
{
	return open_file(tunnel, LOG, O_RDONLY | O_NONBLOCK);
}

/* Writes what the command of the field `transfer` reads. Returns its argv, or NULL: none. */
static char **prepare_transfer(const struct stunnel_tunnel *tunnel)
{
	const char *text = stunnel_record_get(&tunnel->traces, "batch");
	int file = text ? open_file(tunnel, BATCH, O_WRONLY | O_CREAT | O_TRUNC) : -1;
	bool written = file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text);

	if (file >= 0)
		(void)close(file);
	return written ? stunnel_record_list(&tunnel->traces, "transfer") : NULL;
}

/* Whether a command may talk to whoever listens there: only where it is nobody else. */
static bool is_safe(const struct stunnel_tunnel *tunnel)
{
	const char *directory = stunnel_record_get(&tunnel->traces, "dir");

	return directory && stunnel_directory_is_ours(directory);
}

/* Removes the sockets that sshd left, as long as there is a master to do it over. */
static void clear_other_host(const struct stunnel_tunnel *tunnel)
{
	char **transfer = prepare_transfer(tunnel);

	if (transfer)
		stunnel_run(transfer, TRANSFER_MS);
	free(transfer);
}

/*
 * Removes the sockets that ssh left: ours, and nobody listens there. Whoever does is
 * another tunnel, which was faster, or came while this one was lost; or an ssh that is
 * no child of ours, and still has to end.
 */
static void clear_this_host(const struct stunnel_tunnel *tunnel)
{
	const struct timespec pause = { .tv_nsec = 50000000 };
	bool bequeathed = stunnel_record_get(&tunnel->traces, "process");
	long long end = stunnel_now() + (bequeathed ? LEAVE_MS : 0);

	for (const char *path = NULL;
	     (path = stunnel_record_next(&tunnel->traces, "unlink", path));) {
		while (!stunnel_directory_remove_dead_socket(path) && stunnel_now() < end)
			(void)nanosleep(&pause, NULL);
	}
}

void stunnel_tunnel_vanish(const struct stunnel_tunnel *tunnel)
{
	const char *directory = stunnel_record_get(&tunnel->traces, "dir");

	/* The sockets on the other host are removed over the master, which listens there. */
	if (directory && !stunnel_record_get(&tunnel->traces, "transfer"))
		stunnel_directory_remove(directory);
}

void stunnel_tunnel_stop(struct stunnel_tunnel *tunnel)
{
	char **stop = stunnel_record_list(&tunnel->traces, "stop");
	const char *directory = stunnel_record_get(&tunnel->traces, "dir");
	bool safe = is_safe(tunnel);

	if (safe)
		clear_other_host(tunnel);
	stunnel_end_children(safe ? stop : NULL);
	free(stop);
	stunnel_survivors_kill(&tunnel->traces);
	if (directory)
		stunnel_stale_kill_survivors(directory);
	clear_this_host(tunnel);
	if (directory)
		stunnel_directory_empty(directory);
	tunnel->log_size = 0;
	tunnel->step = NULL;
}

void stunnel_tunnel_mark_log(struct stunnel_tunnel *tunnel)
{
	int log = open_log(tunnel);
	struct stat status;

	tunnel->log_size = log >= 0 && fstat(log, &status) == 0 ? status.st_size : 0;
	if (log >= 0)
		(void)close(log);
}

void stunnel_tunnel_bound_log(struct stunnel_tunnel *tunnel)
{
	int log = open_file(tunnel, LOG, O_WRONLY | O_NONBLOCK);
	struct stat status;

	/* ssh appends. */
	if (log >= 0 && fstat(log, &status) == 0 && status.st_size > LOG_MAX &&
	    ftruncate(log, 0) == 0)
		tunnel->log_size = 0;
	if (log >= 0)
		(void)close(log);
}

void stunnel_tunnel_words(const struct stunnel_tunnel *tunnel,
			  char words[static STUNNEL_WORDS_MAX])
{
	int log = open_log(tunnel);
	off_t from = tunnel->log_size;
	struct stat status;
	ssize_t size = 0;
	size_t kept = 0;

	if (log >= 0 && fstat(log, &status) == 0) {
		if (status.st_size - from >= STUNNEL_WORDS_MAX)
			from = status.st_size - (STUNNEL_WORDS_MAX - 1);
		size = pread(log, words, STUNNEL_WORDS_MAX - 1, from);
	}
	if (log >= 0)
		(void)close(log);
	for (ssize_t i = 0; i < size; i++) {
		/* Some of it comes from the other host. */
		if (words[i] == '\n' || (words[i] >= ' ' && words[i] <= '~'))
			words[kept++] = words[i];
		else if (words[i] != '\r')
			words[kept++] = '?';
	}
	while (kept > 0 && words[kept - 1] == '\n')
		kept--;
	words[kept] = '\0';
}

void stunnel_tunnel_publish(const struct stunnel_tunnel *tunnel,
			    const struct stunnel_record *state)
{
	int directory = open_directory(tunnel);
	int file = directory < 0 || state->failed ?
			   -1 :
			   openat(directory, NEW_STATE,
				  O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	/* Under its name it is whole. */
	if (file >= 0 && write(file, state->data, state->size) == (ssize_t)state->size)
		(void)renameat(directory, NEW_STATE, directory, STATE);
	if (file >= 0)
		(void)close(file);
	if (directory >= 0)
		(void)close(directory);
}

/* Starts a command of the restart; all but the first one talk to the new master. */
static int run(struct stunnel_tunnel *tunnel, const char *step, char **argv)
{
	bool safe = strcmp(step, "start") == 0 || is_safe(tunnel);

	tunnel->pid = argv && safe ? stunnel_spawn(argv, -1) : -1;
	tunnel->step = tunnel->pid > 0 ? step : NULL;
	free(argv);
	return tunnel->pid > 0 ? 0 : -1;
}

static int run_known(struct stunnel_tunnel *tunnel, const char *step)
{
	return run(tunnel, step, stunnel_record_list(&tunnel->commands, step));
}

/* The login alone is made with a library (nodelay.c), if the runtime told of one. */
int stunnel_tunnel_restart(struct stunnel_tunnel *tunnel)
{
	const char *library = stunnel_record_get(&tunnel->commands, "preload");
	int result = library ? setenv("LD_PRELOAD", library, 1) : 0;

	if (result == 0)
		result = run_known(tunnel, "start");
	(void)unsetenv("LD_PRELOAD");
	return result;
}

/* What sshd left of the lost tunnel is in the way of the forwards. */
static int run_after_start(struct stunnel_tunnel *tunnel)
{
	char **transfer = prepare_transfer(tunnel);

	return transfer ? run(tunnel, "transfer", transfer) : run_known(tunnel, "forward");
}

enum stunnel_restart stunnel_tunnel_reaped(struct stunnel_tunnel *tunnel, pid_t pid, int status)
{
	bool succeeded = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	int next = -1;

	if (!tunnel->step || pid != tunnel->pid)
		return STUNNEL_RESTART_RUNS;
	if (strcmp(tunnel->step, "forward") == 0 || strcmp(tunnel->step, "again") == 0) {
		bool again = strcmp(tunnel->step, "again") == 0;

		tunnel->step = NULL;
		if (succeeded)
			return STUNNEL_RESTART_DONE;
		/* The far sshd may still have our listener, for a client that it takes for alive. */
		next = again ? -1 : run_known(tunnel, "knock");
	} else if (strcmp(tunnel->step, "knock") == 0) {
		/* Whether that freed it is not said: it ends as well with whoever else listens there. */
		next = run(tunnel, "again", stunnel_record_list(&tunnel->commands, "forward"));
	} else if (strcmp(tunnel->step, "transfer") == 0) {
		next = run_known(tunnel, "forward");
	} else if (succeeded) {
		next = run_after_start(tunnel);
	}
	return next == 0 ? STUNNEL_RESTART_RUNS : STUNNEL_RESTART_FAILED;
}
