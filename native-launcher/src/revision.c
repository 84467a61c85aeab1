/* SPDX-License-Identifier: Apache-2.0 */
#include "revision.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The command writes it under another name first: here it is whole. */
static const char COMMANDS[] = "commands";

/* Reads one message and nothing behind it. Returns its size, 0: it is none. */
static size_t read_message(struct stunnel_record *record, int file)
{
	struct stat status;
	size_t size;

	if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != getuid())
		return 0;
	while (stunnel_record_read(record, file) > 0)
		;
	size = stunnel_record_message(record);
	return record->failed || size != record->size ? 0 : size;
}

static bool is_of(const struct stunnel_tunnel *tunnel, const struct stunnel_record *record)
{
	static const char *const needed[] = { "stop", "start", "forward", "plan", "routes" };
	const char *ours = stunnel_record_get(&tunnel->traces, "dir");
	const char *its = stunnel_record_get(record, "dir");

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (!stunnel_record_get(record, needed[i]))
			return false;
	}
	return ours && its && strcmp(ours, its) == 0;
}

bool stunnel_revision_take(struct stunnel_tunnel *tunnel)
{
	struct stunnel_record record = { 0 };
	int file = openat(tunnel->hold, COMMANDS, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	size_t size = file >= 0 ? read_message(&record, file) : 0;
	bool taken = size > 0 && is_of(tunnel, &record);

	if (taken) {
		stunnel_tunnel_keep(&tunnel->traces, &record, size);
		stunnel_tunnel_keep(&tunnel->commands, &record, size);
		/* What was tried and refused says nothing about the end of the tunnel. */
		stunnel_tunnel_mark_words(tunnel);
	}
	stunnel_record_free(&record);
	if (file >= 0) {
		(void)close(file);
		(void)unlinkat(tunnel->hold, COMMANDS, 0);
	}
	return taken;
}
