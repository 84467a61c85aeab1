/* SPDX-License-Identifier: Apache-2.0 */
#include "survivors.h"

#include "supervise.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char FIELD[] = "process";

/* Clock ticks from the boot to the start of a process of our user's; 0: there is none. */
static unsigned long long start_of(long pid)
{
	unsigned long long start = 0;
	char path[64], text[1024];
	struct stat status;
	const char *rest;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	/* The name, the second field, may hold anything, lines too; the start is the 22nd (proc(5)). */
	if (fstat(fileno(file), &status) == 0 && status.st_uid == getuid() &&
	    (rest = strrchr(text, ')')) &&
	    sscanf(rest, ") %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
			 "%*s %*s %llu",
		   &start) != 1)
		start = 0;
	(void)fclose(file);
	return start;
}

static void note(pid_t pid, void *record)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "%ld %llu", (long)pid, start_of(pid));
	stunnel_record_add(record, FIELD, text);
}

void stunnel_survivors_note(struct stunnel_record *record)
{
	stunnel_visit_children(note, record);
}

void stunnel_survivors_kill(const struct stunnel_record *record)
{
	for (const char *text = NULL; (text = stunnel_record_next(record, FIELD, text));) {
		unsigned long long start;
		long pid;

		/* By the number alone it could be another process by now. */
		if (sscanf(text, "%ld %llu", &pid, &start) == 2 && pid > 1 && start != 0 &&
		    start_of(pid) == start)
			(void)kill((pid_t)pid, SIGKILL);
	}
}
