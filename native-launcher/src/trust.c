/* SPDX-License-Identifier: Apache-2.0 */
#include "trust.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As many links as the kernel itself follows: path_resolution(7). */
enum { LINKS_MAX = 40 };

/* A walk from the root directory, one name at a time. */
struct walk {
	char path[PATH_MAX]; /* as far as it is looked at; empty: / */
	char rest[PATH_MAX]; /* what is still to come */
	int links;
	bool is_private; /* what belongs to the user that runs this is fine too */
	char objection[STUNNEL_OBJECTION_MAX];
};

__attribute__((format(printf, 2, 3))) static int object(struct walk *walk, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(walk->objection, STUNNEL_OBJECTION_MAX, format, arguments);
	va_end(arguments);
	return -1;
}

static const char *name_of(const struct walk *walk)
{
	return walk->path[0] ? walk->path : "/";
}

/* Whose it is, and who else may write to it. A link has no mode of its own. */
static int examine(struct walk *walk, const struct stat *status)
{
	mode_t others = status->st_mode & (S_IWGRP | S_IWOTH);
	bool sticky = S_ISDIR(status->st_mode) && (status->st_mode & S_ISVTX);

	if (status->st_uid != 0 && !(walk->is_private && status->st_uid == geteuid()))
		return object(walk, "%s belongs to uid %u, and only root may be able to change what "
			      "runs for every user\n  next: ask the administrator to chown it",
			      name_of(walk), status->st_uid);
	if (others && !sticky && !S_ISLNK(status->st_mode))
		return object(walk, "%s can be written by others than its owner (mode 0%o), and only "
			      "root may be able to change what runs for every user\n  next: ask the "
			      "administrator to run `chmod go-w` on it",
			      name_of(walk), status->st_mode & 07777U);
	return 0;
}

/* Up from a name or a link to the directory that it is in. */
static void leave(struct walk *walk)
{
	char *slash = strrchr(walk->path, '/');

	if (slash)
		*slash = '\0';
}

/* What is to come is from here on where the link leads, and then what came after the link. */
static int follow(struct walk *walk)
{
	char target[PATH_MAX];
	ssize_t size = readlink(walk->path, target, sizeof(target) - 1);
	size_t length = strlen(walk->rest);

	if (size <= 0 || ++walk->links > LINKS_MAX ||
	    (size_t)size + 1 + length >= sizeof(walk->rest))
		return object(walk, "%s is a link that leads too far\n  next: ask the administrator to "
			      "correct it", walk->path);
	if (target[0] == '/')
		walk->path[0] = '\0';
	else
		leave(walk);
	memmove(walk->rest + size + 1, walk->rest, length + 1);
	memcpy(walk->rest, target, (size_t)size);
	walk->rest[size] = '/';
	return 0;
}

/* Takes the next name off the rest, and goes there. */
static int step(struct walk *walk)
{
	const char *name = walk->rest + strspn(walk->rest, "/");
	size_t length = strcspn(name, "/");
	size_t walked = strlen(walk->path);

	if (length == 2 && strncmp(name, "..", 2) == 0) {
		leave(walk);
	} else if (length > 0 && !(length == 1 && name[0] == '.')) {
		if (walked + 1 + length >= sizeof(walk->path))
			return object(walk, "%.1024s leads to a path that is too long\n  next: ask the "
				      "administrator to correct it", walk->path);
		walk->path[walked] = '/';
		memcpy(walk->path + walked + 1, name, length);
		walk->path[walked + 1 + length] = '\0';
	}
	memmove(walk->rest, name + length, strlen(name + length) + 1);
	return 0;
}

/*
 * Looks at everything on the way to an absolute path, and at what it names. What
 * is not there, or not to be reached, cannot be executed either: others tell that.
 */
static int examine_path(struct walk *walk, const char *path)
{
	struct stat status;

	if (snprintf(walk->rest, sizeof(walk->rest), "%s", path) >= (int)sizeof(walk->rest))
		return object(walk, "%.1024s… is too long a path", path);
	for (;;) {
		if (lstat(name_of(walk), &status) != 0)
			return 0;
		if (examine(walk, &status) != 0 ||
		    (S_ISLNK(status.st_mode) && follow(walk) != 0))
			return -1;
		if (walk->rest[strspn(walk->rest, "/")] == '\0')
			return 0;
		if (step(walk) != 0)
			return -1;
	}
}

/* Whoever owns the folder of the programs decides what they are. */
static bool is_private(const char *prefix)
{
	char programs[PATH_MAX];
	struct stat status;

	return snprintf(programs, sizeof(programs), "%s/libexec", prefix) < (int)sizeof(programs) &&
	       lstat(programs, &status) == 0 && status.st_uid == geteuid();
}

static int examine_file(const char *prefix, const char *folder, const char *file,
			char objection[static STUNNEL_OBJECTION_MAX])
{
	/* Too long for PATH_MAX is found out by whoever looks at it. */
	char path[PATH_MAX + 64 + NAME_MAX];
	struct walk walk = { .is_private = is_private(prefix) };

	(void)snprintf(path, sizeof(path), "%s/%s/%s", prefix, folder, file);
	if (examine_path(&walk, path) == 0)
		return 0;
	memcpy(objection, walk.objection, sizeof(walk.objection));
	return -1;
}

int stunnel_trust_keeper(const char *prefix, char objection[static STUNNEL_OBJECTION_MAX])
{
	return examine_file(prefix, "libexec", "stunnel-keeper", objection);
}

/* NULL with errno 0: there is none. */
static struct dirent *next_entry(DIR *directory)
{
	errno = 0;
	return readdir(directory);
}

static int object_to_listing(const char *folder, int number,
			     char objection[static STUNNEL_OBJECTION_MAX])
{
	(void)snprintf(objection, STUNNEL_OBJECTION_MAX,
		       "%s cannot be read: %s\n  next: %s", folder, strerror(number),
		       number == EACCES ? "ask the administrator to run `chmod a+rx` on it" :
					  "try again; if that does not help, show this to the administrator");
	return -1;
}

int stunnel_trust_runtime(const char *prefix, char objection[static STUNNEL_OBJECTION_MAX])
{
	char jars[PATH_MAX + 16];
	struct dirent *entry;
	int result = examine_file(prefix, "libexec", "java", objection);
	DIR *directory;

	if (result != 0)
		return -1;
	(void)snprintf(jars, sizeof(jars), "%s/lib/java", prefix);
	directory = opendir(jars);
	/* One of the entries is the directory itself. */
	while (directory && result == 0 && (entry = next_entry(directory))) {
		if (strcmp(entry->d_name, "..") != 0)
			result = examine_file(prefix, "lib/java", entry->d_name, objection);
	}
	/* What is in a folder that cannot be listed could be used all the same. */
	if (result == 0 && errno != 0 && errno != ENOENT && errno != ENOTDIR)
		result = object_to_listing(jars, errno, objection);
	if (directory)
		(void)closedir(directory);
	return result;
}
