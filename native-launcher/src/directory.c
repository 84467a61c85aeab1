/* SPDX-License-Identifier: Apache-2.0 */
#include "directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Who listens on a socket. */
enum listener { NOBODY, WE, OTHERS_OR_UNKNOWN };

/* Knocks, without waiting to be let in: a busy listener is one, but whose cannot be told. */
static enum listener listener_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	enum listener listener = OTHERS_OR_UNKNOWN;
	struct ucred peer = { 0 };
	socklen_t size = sizeof(peer);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (snprintf(address.sun_path, sizeof(address.sun_path), "%s", path) >=
		    (int)sizeof(address.sun_path) || fd < 0)
		listener = OTHERS_OR_UNKNOWN;
	else if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		listener = errno == ECONNREFUSED || errno == ENOENT ? NOBODY : OTHERS_OR_UNKNOWN;
	else if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
		 peer.uid == geteuid())
		listener = WE;
	if (fd >= 0)
		(void)close(fd);
	return listener;
}

/* The one to be wary of most, of all sockets in a directory. */
static enum listener listener_in(const char *path)
{
	DIR *directory = opendir(path);
	enum listener found = directory ? NOBODY : OTHERS_OR_UNKNOWN;
	enum listener listener;
	struct dirent *entry;
	struct stat status;
	char name[PATH_MAX];

	while (directory && (entry = readdir(directory))) {
		if (fstatat(dirfd(directory), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISSOCK(status.st_mode))
			continue;
		/* One that is cut short is too long for a socket, too. */
		(void)snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		listener = listener_at(name);
		found = listener > found ? listener : found;
	}
	if (directory)
		(void)closedir(directory);
	return found;
}

bool stunnel_directory_listens(const char *path)
{
	return listener_in(path) != NOBODY;
}

bool stunnel_directory_is_ours(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode) &&
	       status.st_uid == geteuid() && (status.st_mode & 077) == 0 &&
	       listener_in(path) != OTHERS_OR_UNKNOWN;
}

int stunnel_directory_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (fd < 0 || (fstat(fd, &status) == 0 && status.st_uid == getuid()))
		return fd;
	(void)close(fd);
	return -1;
}

void stunnel_directory_empty(const char *path)
{
	int fd = stunnel_directory_open(path);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!directory) {
		if (fd >= 0)
			(void)close(fd);
		return;
	}
	while ((entry = readdir(directory))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			(void)unlinkat(fd, entry->d_name, 0);
	}
	(void)closedir(directory);
}

void stunnel_directory_remove(const char *path)
{
	stunnel_directory_empty(path);
	(void)rmdir(path);
}

bool stunnel_directory_remove_dead_socket(const char *path)
{
	struct stat status;

	if (lstat(path, &status) != 0 || !S_ISSOCK(status.st_mode) || status.st_uid != getuid())
		return true;
	if (listener_at(path) != NOBODY)
		return false;
	(void)unlink(path);
	return true;
}
