/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ssh-nodelay.so: preloaded into the ssh that logs in, and into nothing else.
 *
 * OpenSSH turns Nagle's algorithm off once its user is known. Until then it
 * writes two small packets in a row, the second of which waits for the other
 * kernel's delayed acknowledgement of the first: 40 ms of every login. No option
 * of ssh changes that. Here it is turned off before the connection is made.
 */
/* With it, glibc declares connect() in a way that ISO C does not have. */
#undef _GNU_SOURCE
#define _DEFAULT_SOURCE /* NOLINT(*-reserved-identifier,cert-dcl*) */

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

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
	if (address->sa_family == AF_INET || address->sa_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	errno = number;
	return (int)syscall(SYS_connect, fd, address, size);
}
