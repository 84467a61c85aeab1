/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ssh-nodelay.so: preloaded into the ssh that logs in, and into nothing else.
 *
 * Two small packets in a row cost 40 ms where Nagle's algorithm holds the second
 * one back until the first is acknowledged, and the other kernel delays that.
 * OpenSSH turns the algorithm off, but the client only once its user is known,
 * and sshd only where a terminal or a command is asked for: never for a tunnel.
 * No option changes that. So the client's is turned off before the connection is
 * made, and what sshd sends is acknowledged as soon as it is read.
 */
/* With these, glibc declares connect() in a way that ISO C does not have, and read() inline. */
#undef _GNU_SOURCE
#undef _FORTIFY_SOURCE
#define _DEFAULT_SOURCE /* NOLINT(*-reserved-identifier,cert-dcl*) */

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int connection = -1;

/* The programs that ssh starts, a ProxyCommand say, are none of our business. */
__attribute__((constructor)) static void stay_here(void)
{
	(void)unsetenv("LD_PRELOAD");
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
int connect(int fd, const struct sockaddr *address, socklen_t size)
{
	const int yes = 1;
	int number = errno;

	/* It is about speed alone. */
	if (address->sa_family == AF_INET || address->sa_family == AF_INET6) {
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
		connection = fd;
	}
	errno = number;
	return (int)syscall(SYS_connect, fd, address, size);
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
ssize_t read(int fd, void *bytes, size_t size)
{
	const int yes = 1;
	ssize_t count = syscall(SYS_read, fd, bytes, size);

	/* The kernel goes back to delays by itself: each time anew. */
	if (fd == connection && count > 0)
		(void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof(yes));
	return count;
}
