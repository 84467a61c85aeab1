/* SPDX-License-Identifier: Apache-2.0 */
#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const char name[] = "slurm-stunnel";

/* The kinds of slots: the answers, and the logins. */
static const char ANSWER[] = "";
static const char LOGIN[] = ".login";

enum { SLOT_MAX = 16, CLOCK_SECONDS = 2 };

/* A directory that is this user's alone, or -1. */
static int open_private(int parent, const char *path, uid_t uid)
{
	int fd = openat(parent, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (fd >= 0 && (fstat(fd, &status) != 0 || status.st_uid != uid ||
			(status.st_mode & (S_IRWXG | S_IRWXO)) != 0)) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

int stunnel_memory_open(const char *parent, uid_t uid)
{
	char path[PATH_MAX];
	int directory, fd;

	if (snprintf(path, sizeof(path), "%s/%lu", parent, (unsigned long)uid) >= (int)sizeof(path))
		return -1;
	directory = open_private(AT_FDCWD, path, uid);
	if (directory < 0)
		return -1;
	(void)mkdirat(directory, name, S_IRWXU);
	fd = open_private(directory, name, uid);
	(void)close(directory);
	return fd;
}

/* Two requests may share a slot: the later one has it then. FNV-1a, 32 bits. */
static void name_slot(const struct stunnel_record *request, const char *kind,
		      char slot[static SLOT_MAX])
{
	unsigned int hash = 0x811c9dc5U;

	for (size_t i = 0; i < request->size; i++)
		hash = (hash ^ (unsigned char)request->data[i]) * 0x01000193U;
	(void)snprintf(slot, SLOT_MAX, "%u%s", (hash ^ hash >> 16) % STUNNEL_MEMORY_SLOTS, kind);
}

/*
 * Adds what identifies each file that the answer depends on. Returns the latest
 * change of them, or -1 when there is none to look at.
 */
static time_t add_identities(struct stunnel_record *identities, const struct stunnel_record *answer)
{
	const char *path = NULL;
	struct stat status;
	time_t latest = -1;
	char text[160];

	while ((path = stunnel_record_next(answer, "file", path))) {
		if (latest < 0)
			latest = 0;
		if (stat(path, &status) != 0) {
			stunnel_record_add_number(identities, "errno", (unsigned long)errno);
			continue;
		}
		(void)snprintf(text, sizeof(text), "%llu %llu %lld %lld.%09ld %lld.%09ld",
			       (unsigned long long)status.st_dev, (unsigned long long)status.st_ino,
			       (long long)status.st_size, (long long)status.st_mtim.tv_sec,
			       status.st_mtim.tv_nsec, (long long)status.st_ctim.tv_sec,
			       status.st_ctim.tv_nsec);
		stunnel_record_add(identities, "is", text);
		if (status.st_ctim.tv_sec > latest)
			latest = status.st_ctim.tv_sec;
	}
	stunnel_record_end(identities);
	return latest;
}

/* Reads a slot, if it is a file of this user's that nobody else has a name or a right for. */
static void read_slot(int memory, const char *slot, struct stunnel_record *found)
{
	int fd = openat(memory, slot, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat status;

	if (fd < 0)
		return;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
	    status.st_nlink == 1 && (status.st_mode & (S_IRWXG | S_IRWXO)) == 0) {
		while (found->size <= STUNNEL_MEMORY_MAX && stunnel_record_read(found, fd) > 0)
			;
	}
	(void)close(fd);
}

/* Moves the first message of one record into another one. */
static bool take(struct stunnel_record *from, struct stunnel_record *to)
{
	size_t size = stunnel_record_message(from);

	stunnel_record_append(to, from->data, size);
	stunnel_record_drop(from, size);
	return size > 0 && !to->failed;
}

static bool equals(const struct stunnel_record *one, const struct stunnel_record *other)
{
	return !one->failed && !other->failed && one->size == other->size &&
	       memcmp(one->data, other->data, one->size) == 0;
}

bool stunnel_memory_recall(int memory, const struct stunnel_record *request,
			   struct stunnel_record *answer)
{
	struct stunnel_record found = { 0 }, asked = { 0 }, now = { 0 };
	char slot[SLOT_MAX];
	bool recalled;

	if (memory < 0)
		return false;
	name_slot(request, ANSWER, slot);
	read_slot(memory, slot, &found);
	/* Request, answer, identities: so they were written. */
	recalled = !found.failed && found.size <= STUNNEL_MEMORY_MAX && take(&found, &asked) &&
		   equals(&asked, request) && take(&found, answer) &&
		   add_identities(&now, answer) >= 0 && equals(&found, &now);
	if (!recalled)
		stunnel_record_free(answer);
	stunnel_record_free(&found);
	stunnel_record_free(&asked);
	stunnel_record_free(&now);
	return recalled;
}

/* Whole or not at all; what another one is about to write is given up, for both. */
static void write_slot(int memory, const char *slot, const struct stunnel_record *bytes)
{
	char fresh[SLOT_MAX + 4];
	struct rlimit limit;
	int fd;

	/* Whoever writes more is killed by the kernel. */
	if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur < bytes->size)
		return;
	(void)snprintf(fresh, sizeof(fresh), "%s.new", slot);
	fd = openat(memory, fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    S_IRUSR | S_IWUSR);
	if (fd < 0 || write(fd, bytes->data, bytes->size) != (ssize_t)bytes->size ||
	    renameat(memory, fresh, memory, slot) != 0)
		(void)unlinkat(memory, fresh, 0);
	if (fd >= 0)
		(void)close(fd);
}

void stunnel_memory_keep(int memory, const struct stunnel_record *request,
			 struct stunnel_record *answer, time_t begin)
{
	struct stunnel_record bytes = { 0 };
	char slot[SLOT_MAX];
	time_t changed;

	if (memory < 0)
		return;
	stunnel_record_append(&bytes, request->data, request->size);
	stunnel_record_append(&bytes, answer->data, stunnel_record_message(answer));
	changed = add_identities(&bytes, answer);
	/* A file that changes now may be another one than the answer was made of. */
	if (!bytes.failed && bytes.size <= STUNNEL_MEMORY_MAX && changed >= 0 &&
	    changed < begin - CLOCK_SECONDS) {
		name_slot(request, ANSWER, slot);
		write_slot(memory, slot, &bytes);
	}
	stunnel_record_free(&bytes);
}

void stunnel_memory_forget(int memory, const struct stunnel_record *request)
{
	char slot[SLOT_MAX];

	if (memory < 0)
		return;
	name_slot(request, ANSWER, slot);
	(void)unlinkat(memory, slot, 0);
}

void stunnel_memory_keep_login(int memory, const struct stunnel_record *request,
			       const struct stunnel_record *login)
{
	struct stunnel_record bytes = { 0 };
	char slot[SLOT_MAX];

	if (memory < 0)
		return;
	name_slot(request, ANSWER, slot);
	if (faccessat(memory, slot, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	stunnel_record_append(&bytes, request->data, request->size);
	stunnel_record_append(&bytes, login->data, login->size);
	if (!bytes.failed && bytes.size <= STUNNEL_MEMORY_MAX) {
		name_slot(request, LOGIN, slot);
		write_slot(memory, slot, &bytes);
	}
	stunnel_record_free(&bytes);
}

void stunnel_memory_take_login(int memory, const struct stunnel_record *request,
			       struct stunnel_record *login)
{
	struct stunnel_record found = { 0 }, asked = { 0 };
	char slot[SLOT_MAX];

	if (memory < 0)
		return;
	name_slot(request, LOGIN, slot);
	read_slot(memory, slot, &found);
	(void)unlinkat(memory, slot, 0);
	if (!found.failed && found.size <= STUNNEL_MEMORY_MAX && take(&found, &asked) &&
	    equals(&asked, request))
		(void)take(&found, login);
	stunnel_record_free(&found);
	stunnel_record_free(&asked);
}
