/* SPDX-License-Identifier: Apache-2.0 */
/*
 * traffic serve PORT BYTES: sends so many bytes to everyone who connects.
 * traffic fetch PORT BYTES: takes so many from 127.0.0.1, and asks again until there are any.
 *
 * As fast as the kernel goes, so that what lies between the two is measured, and neither of them.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 1 << 18, PAUSE_NS = 500000, PATIENCE_SECONDS = 120 };

static char block[BLOCK];

static int new_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		err(EXIT_FAILURE, "socket");
	return fd;
}

static void send_to(int peer, long long bytes)
{
	while (bytes > 0) {
		ssize_t count = write(peer, block, bytes < BLOCK ? (size_t)bytes : BLOCK);

		if (count <= 0)
			return;
		bytes -= count;
	}
}

static _Noreturn void serve(struct sockaddr_in address, long long bytes)
{
	int yes = 1, listener = new_socket();

	address.sin_addr.s_addr = htonl(INADDR_ANY);
	(void)signal(SIGCHLD, SIG_IGN);
	if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
	    bind(listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    listen(listener, SOMAXCONN) != 0)
		err(EXIT_FAILURE, "port %d", ntohs(address.sin_port));
	for (;;) {
		int peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (peer >= 0 && fork() == 0) {
			send_to(peer, bytes);
			_exit(0);
		}
		if (peer >= 0)
			(void)close(peer);
	}
}

/* How many bytes came; fewer than asked for: the other side, or what lies between, has ended. */
static long long fetch_once(struct sockaddr_in address, long long bytes)
{
	int fd = new_socket();
	long long taken = 0;
	ssize_t count;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0) {
		while (taken < bytes && (count = read(fd, block, BLOCK)) > 0)
			taken += count;
	}
	(void)close(fd);
	return taken;
}

int main(int argc, char *argv[])
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	struct sockaddr_in address = { .sin_family = AF_INET };
	long long bytes, taken;

	if (argc != 4 || (bytes = strtoll(argv[3], NULL, 10)) < 1)
		errx(EXIT_FAILURE, "usage: traffic serve|fetch PORT BYTES");
	address.sin_port = htons((uint16_t)strtoul(argv[2], NULL, 10));
	if (strcmp(argv[1], "serve") == 0)
		serve(address, bytes);
	(void)alarm(PATIENCE_SECONDS);
	while ((taken = fetch_once(address, bytes)) == 0)
		(void)nanosleep(&pause, NULL);
	if (taken < bytes)
		errx(EXIT_FAILURE, "%lld of %lld bytes came", taken, bytes);
	return 0;
}
