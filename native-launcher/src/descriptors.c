/* SPDX-License-Identifier: Apache-2.0 */
#include "descriptors.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

void stunnel_close(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* Moves a descriptor off the numbers of the standard streams. Returns 0, or -1 with errno. */
static int lift(int *fd)
{
	int low = *fd;
	int number;

	if (low > STDERR_FILENO)
		return 0;
	*fd = fcntl(low, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	number = errno;
	(void)close(low);
	errno = number;
	return *fd < 0 ? -1 : 0;
}

int stunnel_socket_pair(int type, int pair[static 2])
{
	int number;

	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	if (lift(&pair[0]) == 0 && lift(&pair[1]) == 0)
		return 0;
	number = errno;
	stunnel_close(&pair[0]);
	stunnel_close(&pair[1]);
	errno = number;
	return -1;
}

/* The number that a name in /proc/self/fd is; -1 for "." and "..". */
static int number(const char *name)
{
	int value = 0;

	for (; *name >= '0' && *name <= '9'; name++)
		value = value * 10 + (*name - '0');
	return *name == '\0' ? value : -1;
}

/* As opendir() and readdir() would do it, if they were allowed between fork and exec. */
static int close_listed(int first)
{
	union {
		struct dirent64 entry; /* for its alignment */
		char bytes[4096];
	} buffer;
	int list = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long size;

	if (list < 0)
		return -1;
	while ((size = syscall(SYS_getdents64, list, buffer.bytes, sizeof(buffer.bytes))) > 0) {
		for (long at = 0; at < size;) {
			const struct dirent64 *entry = (const void *)(buffer.bytes + at);
			int fd = number(entry->d_name);

			if (fd >= first && fd != list)
				(void)close(fd);
			at += entry->d_reclen;
		}
	}
	(void)close(list);
	return size == 0 ? 0 : -1;
}

int stunnel_close_from(int first)
{
#ifdef SYS_close_range
	if (syscall(SYS_close_range, (unsigned int)first, ~0U, 0U) == 0)
		return 0;
#endif
	/* A kernel before 5.9 (RHEL 8) lists what is open instead. */
	return close_listed(first);
}
