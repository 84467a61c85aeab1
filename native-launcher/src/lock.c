/* SPDX-License-Identifier: Apache-2.0 */
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opens the file; -1 with errno, EEXIST when it belongs to somebody else. */
static int open_own(const char *path)
{
	struct stat status;
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);

	if (fd < 0) {
		/*
		 * A link, a directory, a socket, or another user's file: one that only
		 * that user may open (or protected_regular), has leased, or executes.
		 */
		if (errno == ELOOP || errno == EISDIR || errno == ENXIO || errno == EACCES ||
		    errno == EWOULDBLOCK || errno == ETXTBSY)
			errno = EEXIST;
		return -1;
	}
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
	    (status.st_mode & 077) == 0)
		return fd;
	(void)close(fd);
	errno = EEXIST;
	return -1;
}

/* True when `path` still names the file that `fd` has open. */
static bool still_named(const char *path, int fd)
{
	struct stat named, opened;

	return lstat(path, &named) == 0 && fstat(fd, &opened) == 0 &&
	       named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

/* Locks the open file. Returns 0, or -1 with errno: ESTALE when the name is gone. */
static int take(struct stunnel_lock *lock, int fd)
{
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return -1;
	/* A holder that ended in between removed the name that we opened. */
	if (!still_named(lock->path, fd)) {
		errno = ESTALE;
		return -1;
	}
	lock->fd = fd;
	return 0;
}

int stunnel_lock_try(struct stunnel_lock *lock, const char *key)
{
	int fd, number;

	if (!stunnel_lock_is_key(key)) {
		errno = EINVAL;
		return -1;
	}
	/* One name: were there a second one, two steps could hold one each. */
	(void)snprintf(lock->path, sizeof(lock->path), "/tmp/stunnel-%lu-%s.lock",
		       (unsigned long)geteuid(), key);
	for (;;) {
		fd = open_own(lock->path);
		if (fd < 0 || take(lock, fd) == 0)
			return fd < 0 ? -1 : 0;
		number = errno;
		(void)close(fd);
		errno = number;
		if (number != ESTALE)
			return -1;
	}
}

void stunnel_lock_release(struct stunnel_lock *lock)
{
	if (lock->fd < 0)
		return;
	/* The name first: who takes the lock after us must not find it. */
	(void)unlink(lock->path);
	(void)close(lock->fd);
	lock->fd = -1;
}
