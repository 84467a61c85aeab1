/* SPDX-License-Identifier: Apache-2.0 */
#include "files.h"

#include "directory.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char LOG[] = "log";
static const char ERRORS[] = "errors";
static const char STATE[] = "state";
static const char NEW_STATE[] = "state.new";
static const char BATCH[] = "batch";

/* More than ssh has to say of itself. Each connection that finds nobody adds a line. */
enum { LONG = 1 << 20 };

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

/* Writes all of it, and closes the file. */
static bool fill(int file, const void *data, size_t size)
{
	bool written = file >= 0 && write(file, data, size) == (ssize_t)size;

	if (file >= 0)
		(void)close(file);
	return written;
}

int stunnel_files_open_errors(const char *directory)
{
	return open_file(directory, ERRORS, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK);
}

static off_t size_of(const char *directory, const char *name)
{
	int file = open_file(directory, name, O_RDONLY | O_NONBLOCK);
	struct stat status;
	off_t size = file >= 0 && fstat(file, &status) == 0 ? status.st_size : 0;

	if (file >= 0)
		(void)close(file);
	return size;
}

struct stunnel_sizes stunnel_files_sizes(const char *directory)
{
	return (struct stunnel_sizes){ .log = size_of(directory, LOG),
				       .errors = size_of(directory, ERRORS) };
}

static void bound(const char *directory, const char *name, off_t *size)
{
	int file = open_file(directory, name, O_WRONLY | O_NONBLOCK);
	struct stat status;

	/* Whoever writes there appends. */
	if (file >= 0 && fstat(file, &status) == 0 && status.st_size > LONG &&
	    ftruncate(file, 0) == 0)
		*size = 0;
	if (file >= 0)
		(void)close(file);
}

void stunnel_files_bound(const char *directory, struct stunnel_sizes *sizes)
{
	bound(directory, LOG, &sizes->log);
	bound(directory, ERRORS, &sizes->errors);
}

static void read_words(const char *directory, const char *name, off_t from,
		       char words[static STUNNEL_WORDS_MAX])
{
	int file = open_file(directory, name, O_RDONLY | O_NONBLOCK);
	struct stat status;
	ssize_t size = 0;
	size_t kept = 0;

	if (file >= 0 && fstat(file, &status) == 0) {
		if (status.st_size - from >= STUNNEL_WORDS_MAX)
			from = status.st_size - (STUNNEL_WORDS_MAX - 1);
		size = pread(file, words, STUNNEL_WORDS_MAX - 1, from);
	}
	if (file >= 0)
		(void)close(file);
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

void stunnel_files_words(const char *directory, off_t from, char words[static STUNNEL_WORDS_MAX])
{
	read_words(directory, LOG, from, words);
}

void stunnel_files_errors(const char *directory, off_t from, char words[static STUNNEL_WORDS_MAX])
{
	read_words(directory, ERRORS, from, words);
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
