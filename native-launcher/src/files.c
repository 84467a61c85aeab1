/* SPDX-License-Identifier: Apache-2.0 */
#include "files.h"

#include "directory.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char LOG[] = "log";
static const char STATE[] = "state";
static const char NEW_STATE[] = "state.new";
static const char BATCH[] = "batch";

/* More than ssh has to say of itself. Each connection that finds nobody adds a line. */
enum { LOG_MAX = 1 << 20 };

enum { MAKE = O_WRONLY | O_CREAT | O_TRUNC };

/* Where root has removed it (a cleaner of /tmp may), another user can have made one of that name. */
static int open_directory(const char *path)
{
	return path ? stunnel_directory_open(path) : -1;
}

/* Returns the descriptor or -1. */
static int open_in(int folder, const char *name, int flags)
{
	return openat(folder, name, flags | O_NOFOLLOW | O_CLOEXEC, 0600);
}

static int open_file(const char *directory, const char *name, int flags)
{
	int folder = open_directory(directory);
	int file = folder < 0 ? -1 : open_in(folder, name, flags);

	if (folder >= 0)
		(void)close(folder);
	return file;
}

static int open_log(const char *directory, int access)
{
	return open_file(directory, LOG, access | O_NONBLOCK);
}

/* Writes all of it, and closes the file. */
static bool fill(int file, const void *data, size_t size)
{
	bool written = file >= 0 && write(file, data, size) == (ssize_t)size;

	if (file >= 0)
		(void)close(file);
	return written;
}

off_t stunnel_files_log_size(const char *directory)
{
	int log = open_log(directory, O_RDONLY);
	struct stat status;
	off_t size = log >= 0 && fstat(log, &status) == 0 ? status.st_size : 0;

	if (log >= 0)
		(void)close(log);
	return size;
}

bool stunnel_files_bound_log(const char *directory)
{
	int log = open_log(directory, O_WRONLY);
	struct stat status;
	/* ssh appends. */
	bool emptied = log >= 0 && fstat(log, &status) == 0 && status.st_size > LOG_MAX &&
		       ftruncate(log, 0) == 0;

	if (log >= 0)
		(void)close(log);
	return emptied;
}

void stunnel_files_words(const char *directory, off_t from, char words[static STUNNEL_WORDS_MAX])
{
	int log = open_log(directory, O_RDONLY);
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

void stunnel_files_publish(const char *directory, const struct stunnel_record *state)
{
	int folder = state->failed ? -1 : open_directory(directory);

	if (folder < 0)
		return;
	/* Under its name it is whole. */
	if (fill(open_in(folder, NEW_STATE, MAKE), state->data, state->size))
		(void)renameat(folder, NEW_STATE, folder, STATE);
	(void)close(folder);
}

bool stunnel_files_write_batch(const char *directory, const char *text)
{
	return fill(open_file(directory, BATCH, MAKE), text, strlen(text));
}
