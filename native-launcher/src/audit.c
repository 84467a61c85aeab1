/* SPDX-License-Identifier: Apache-2.0 */
#include "audit.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

/* What rsyslog takes by default is twice as long. */
enum { LINE_MAX_BYTES = 4096 };

/* syslog(3) would wait for a reader that is stuck, and a tunnel ends with its job. */
static void send_line(const char *line, size_t size)
{
	static const struct sockaddr_un log = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return;
	(void)sendto(fd, line, size, MSG_NOSIGNAL, (const struct sockaddr *)&log, sizeof(log));
	(void)close(fd);
}

/* The time as syslog daemons read it, in English: nobody has set a locale. */
static void stamp(char *text, size_t size)
{
	time_t now = time(NULL);
	struct tm local;

	text[0] = '\0';
	if (localtime_r(&now, &local))
		(void)strftime(text, size, "%b %e %H:%M:%S", &local);
}

void stunnel_audit(const char *what, const char *facts, const struct stunnel_record *tunnel,
		   const char *why)
{
	const char *plan = stunnel_record_get(tunnel, "plan");
	char line[LINE_MAX_BYTES];
	char when[32];
	int size;

	if (!facts || facts[0] == '\0')
		return;
	stamp(when, sizeof(when));
	size = snprintf(line, sizeof(line), "<%d>%s stunnel[%ld]: %s %s%s%s%s%.*s",
			LOG_AUTHPRIV | LOG_INFO, when, (long)getpid(), what, facts,
			plan ? " tunnel=" : "", plan ? plan : "", why ? " why=" : "",
			why ? (int)strcspn(why, "\n") : 0, why ? why : "");
	if (size < 0)
		return;
	if ((size_t)size >= sizeof(line)) {
		size = sizeof(line) - 1;
		for (int i = 1; i <= 3; i++)
			line[size - i] = '.';
	}
	for (int i = 0; i < size; i++) {
		if (line[i] < ' ' || line[i] > '~')
			line[i] = '?';
	}
	send_line(line, (size_t)size);
}
