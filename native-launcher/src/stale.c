/* SPDX-License-Identifier: Apache-2.0 */
#include "stale.h"

#include "directory.h"
#include "record.h"
#include "supervise.h"
#include "survivors.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	YOUNG_SECONDS = 180, /* more than from its making to the tunnel that stands */
	STEP_MS = 4000,	     /* for a step's keeper to end; STUNNEL_END_SECONDS holds it */
	LOOK_MS = 50
};

/* The lock is the kernel's: it goes with who has it, however that ends. */
static int lock(const char *directory, int operation)
{
	int fd = stunnel_directory_open(directory);

	if (fd >= 0 && flock(fd, operation | LOCK_NB) != 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

int stunnel_stale_hold(const char *directory)
{
	/* Shared, since the runtime that made it may still hold it. */
	return lock(directory, LOCK_SH);
}

static bool has(const char *directory, const char *file)
{
	char path[PATH_MAX + 16];

	(void)snprintf(path, sizeof(path), "%s/%s", directory, file);
	return access(path, F_OK) == 0;
}

/*
 * Whether this is a directory that somebody holds, or should hold by now: the
 * runtime does before ssh has its log there. Until then, no lock may get into
 * its way.
 */
static bool is_due(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == getuid() &&
	       (has(path, "log") || has(path, "state") ||
		status.st_mtime < time(NULL) - YOUNG_SECONDS);
}

/* The state in a directory of this user's: others could make us wait for theirs. */
static int open_state(const char *path)
{
	int fd = stunnel_directory_open(path);
	int file = -1;

	if (fd >= 0)
		file = openat(fd, "state", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0)
		(void)close(fd);
	return file;
}

/* Reads the state in such a directory; empty: there is none. */
static void read_state(const char *path, struct stunnel_record *state)
{
	int file = open_state(path);

	while (file >= 0 && stunnel_record_read(state, file) > 0)
		;
	if (file >= 0)
		(void)close(file);
}

void stunnel_stale_kill_survivors(const char *directory)
{
	struct stunnel_record state = { 0 };

	read_state(directory, &state);
	if (stunnel_record_message(&state) > 0)
		stunnel_survivors_kill(&state);
	stunnel_record_free(&state);
}

/*
 * Removes what ssh listened on beside its directory. False: it still does, as one that
 * ends has left its directory already. Its word of them stays until it has ended.
 */
static bool remove_sockets(const char *path)
{
	struct stunnel_record state = { 0 };
	bool removed = true;

	read_state(path, &state);
	if (stunnel_record_message(&state) > 0) {
		for (const char *socket = NULL;
		     (socket = stunnel_record_next(&state, "unlink", socket));)
			removed &= stunnel_directory_remove_dead_socket(socket);
	}
	stunnel_record_free(&state);
	return removed;
}

static void remove_if_stale(const char *path, void *none)
{
	int fd = is_due(path) ? lock(path, LOCK_EX) : -1;

	(void)none;
	if (fd < 0)
		return;
	if (!stunnel_directory_listens(path) && remove_sockets(path))
		stunnel_directory_remove(path);
	(void)close(fd);
}

/* Calls `visit` for each directory whose name says that it is this user's tunnel's. */
static void visit_all(const char *parent, void (*visit)(const char *path, void *with), void *with)
{
	DIR *directory = opendir(parent);
	char prefix[32], path[PATH_MAX];
	struct dirent *entry;

	(void)snprintf(prefix, sizeof(prefix), "stunnel-%lu-", (unsigned long)getuid());
	while (directory && (entry = readdir(directory))) {
		int size = snprintf(path, sizeof(path), "%s/%s", parent, entry->d_name);

		if (size < (int)sizeof(path) &&
		    strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
			visit(path, with);
	}
	if (directory)
		(void)closedir(directory);
}

void stunnel_stale_remove(const char *parent)
{
	visit_all(parent, remove_if_stale, NULL);
}

struct step {
	const char *job, *step;
	bool found;
};

static bool says(const struct stunnel_record *state, const char *key, const char *value)
{
	const char *text = stunnel_record_get(state, key);

	return text && strcmp(text, value) == 0;
}

/* Reads in the state whose tunnel this is. */
static void look_for_step(const char *path, void *with)
{
	struct stunnel_record state = { 0 };
	struct step *step = with;

	read_state(path, &state);
	if (stunnel_record_message(&state) > 0 && says(&state, "job", step->job) &&
	    says(&state, "step", step->step))
		step->found = true;
	stunnel_record_free(&state);
}

void stunnel_stale_remove_step(const char *parent, const char *job, const char *step)
{
	const struct timespec pause = { .tv_nsec = LOOK_MS * 1000000L };
	long long end = stunnel_now() + STEP_MS;
	struct step wanted = { .job = job, .step = step };

	for (;;) {
		stunnel_stale_remove(parent);
		wanted.found = false;
		visit_all(parent, look_for_step, &wanted);
		if (!wanted.found || stunnel_now() > end)
			return;
		(void)nanosleep(&pause, NULL);
	}
}
