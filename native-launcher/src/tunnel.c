/* SPDX-License-Identifier: Apache-2.0 */
#include "tunnel.h"

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
#include <unistd.h>

/* Files beside the control socket, which the runtime and `stunnel list` know too. */
static const char LOG[] = "log";
static const char STATE[] = "state";
static const char NEW_STATE[] = "state.new";

void stunnel_tunnel_keep(struct stunnel_record *record, const struct stunnel_record *answer,
			 size_t size)
{
	stunnel_record_free(record);
	stunnel_record_append(record, answer->data, size);
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
	const char *directory = stunnel_record_get(&tunnel->traces, "dir");

	if (directory)
		stunnel_record_add(request, "dir", directory);
	for (const char *word = NULL; (word = stunnel_record_next(&tunnel->traces, "stop", word));)
		stunnel_record_add(request, "stop", word);
	stunnel_survivors_note(request);
}

void stunnel_tunnel_stop(struct stunnel_tunnel *tunnel)
{
	char **stop = stunnel_record_list(&tunnel->traces, "stop");
	const char *directory = stunnel_record_get(&tunnel->traces, "dir");

	/* The stop command talks to whoever listens there: only where nobody else can. */
	stunnel_end_children(directory && stunnel_directory_is_private(directory) ? stop : NULL);
	stunnel_survivors_kill(&tunnel->traces);
	free(stop);
	if (directory)
		stunnel_empty_directory(directory);
	tunnel->step = NULL;
}

void stunnel_tunnel_forget(struct stunnel_tunnel *tunnel)
{
	const char *directory = stunnel_record_get(&tunnel->traces, "dir");

	if (directory)
		stunnel_remove_directory(directory);
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

static int open_log(const struct stunnel_tunnel *tunnel)
{
	int directory = open_directory(tunnel);
	int log = directory < 0 ? -1 :
				  openat(directory, LOG, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (directory >= 0)
		(void)close(directory);
	return log;
}

void stunnel_tunnel_mark_log(struct stunnel_tunnel *tunnel)
{
	int log = open_log(tunnel);
	struct stat status;

	tunnel->log_size = log >= 0 && fstat(log, &status) == 0 ? status.st_size : 0;
	if (log >= 0)
		(void)close(log);
}

void stunnel_tunnel_reason(const struct stunnel_tunnel *tunnel,
			   char reason[static STUNNEL_REASON_MAX])
{
	int log = open_log(tunnel);
	off_t from = tunnel->log_size;
	struct stat status;
	ssize_t size = 0;
	ssize_t start;

	if (log >= 0 && fstat(log, &status) == 0) {
		if (status.st_size - from >= STUNNEL_REASON_MAX)
			from = status.st_size - (STUNNEL_REASON_MAX - 1);
		size = pread(log, reason, STUNNEL_REASON_MAX - 1, from);
	}
	if (log >= 0)
		(void)close(log);
	while (size > 0 && strchr("\r\n", reason[size - 1]))
		size--;
	for (start = size; start > 0 && reason[start - 1] != '\n'; start--) {
		/* Some of it comes from the other host. */
		if (reason[start - 1] < ' ' || reason[start - 1] > '~')
			reason[start - 1] = '?';
	}
	if (size > 0)
		memmove(reason, reason + start, (size_t)(size - start));
	reason[size > 0 ? size - start : 0] = '\0';
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

static int run(struct stunnel_tunnel *tunnel, const char *step)
{
	char **argv = stunnel_record_list(&tunnel->commands, step);

	tunnel->pid = argv ? stunnel_spawn(argv, -1) : -1;
	tunnel->step = tunnel->pid > 0 ? step : NULL;
	free(argv);
	return tunnel->pid > 0 ? 0 : -1;
}

int stunnel_tunnel_restart(struct stunnel_tunnel *tunnel)
{
	return run(tunnel, "start");
}

enum stunnel_restart stunnel_tunnel_reaped(struct stunnel_tunnel *tunnel, pid_t pid, int status)
{
	if (!tunnel->step || pid != tunnel->pid)
		return STUNNEL_RESTART_RUNS;
	if (strcmp(tunnel->step, "knock") == 0)
		return STUNNEL_RESTART_FAILED; /* the next one finds what this one did */
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		/* The far sshd may still have our listener, for a client that it takes for alive. */
		if (strcmp(tunnel->step, "forward") == 0 && run(tunnel, "knock") == 0)
			return STUNNEL_RESTART_RUNS;
		return STUNNEL_RESTART_FAILED;
	}
	if (strcmp(tunnel->step, "start") == 0)
		return run(tunnel, "forward") == 0 ? STUNNEL_RESTART_RUNS : STUNNEL_RESTART_FAILED;
	tunnel->step = NULL;
	return STUNNEL_RESTART_DONE;
}
