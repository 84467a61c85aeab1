/*
 * serve PORT...: small web servers that answer every request with one
 * line that names the host and the port, "hello from cn1:8000".
 *
 * It prints "serving" when all ports listen, and ends by itself after twenty
 * minutes, so that a forgotten one cannot stay.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { MAX_PORTS = 64, LIFETIME_SECONDS = 1200, REQUEST_SECONDS = 2 };

/* On every address, of IPv4 and of IPv6. */
static int listen_on(unsigned short port)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6,
					.sin6_addr = in6addr_any,
					.sin6_port = htons(port) };
	int yes = 1, no = 0, listener = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (listener < 0 ||
	    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0 ||
	    setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no)) < 0 ||
	    bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(listener, SOMAXCONN) < 0)
		err(EXIT_FAILURE, "port %u", (unsigned int)port);
	return listener;
}

/* The answer must not overtake the request: closing with unread bytes resets the connection. */
static void skip_request(int connection)
{
	struct timeval limit = { .tv_sec = REQUEST_SECONDS };
	char request[4096] = "";
	size_t length = 0;

	setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	while (length < sizeof(request) - 1 && !strstr(request, "\r\n\r\n")) {
		ssize_t count = read(connection, request + length, sizeof(request) - 1 - length);

		if (count <= 0)
			return;
		length += (size_t)count;
		request[length] = '\0';
	}
}

static void answer(int connection, const char *host, unsigned short port)
{
	char body[128];
	int length = snprintf(body, sizeof(body), "hello from %s:%u\n", host,
			      (unsigned int)port);

	skip_request(connection);
	dprintf(connection,
		"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s",
		length, body);
	close(connection);
}

int main(int argc, char **argv)
{
	struct pollfd listeners[MAX_PORTS];
	unsigned short ports[MAX_PORTS];
	int count = argc - 1;
	char host[65] = "";

	if (count < 1 || count > MAX_PORTS)
		errx(EXIT_FAILURE, "usage: serve PORT...");
	signal(SIGPIPE, SIG_IGN);
	alarm(LIFETIME_SECONDS);
	gethostname(host, sizeof(host) - 1);
	for (int i = 0; i < count; i++) {
		ports[i] = (unsigned short)strtoul(argv[i + 1], NULL, 10);
		listeners[i] = (struct pollfd){ .fd = listen_on(ports[i]), .events = POLLIN };
	}
	puts("serving");
	fflush(stdout);
	for (;;) {
		if (poll(listeners, (nfds_t)count, -1) < 0 && errno != EINTR)
			err(EXIT_FAILURE, "poll");
		for (int i = 0; i < count; i++) {
			int connection;

			if (!listeners[i].revents)
				continue;
			connection = accept4(listeners[i].fd, NULL, NULL, SOCK_CLOEXEC);
			if (connection >= 0)
				answer(connection, host, ports[i]);
		}
	}
}
