/* SPDX-License-Identifier: Apache-2.0 */
/* ssh's log, into which the far side writes, and the lines of it that the user gets to see. */
#include "../src/files.h"
#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/dev/shm/stunnel-fuzz-XXXXXX";
static char path[sizeof(directory) + 4];

static void remove_directory(void)
{
	(void)unlink(path);
	(void)rmdir(directory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char words[STUNNEL_WORDS_MAX];
	int log;

	if (!path[0]) {
		MUST(mkdtemp(directory) && atexit(remove_directory) == 0);
		(void)snprintf(path, sizeof(path), "%s/log", directory);
	}
	log = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	MUST(log >= 0 && write(log, data, size) == (ssize_t)size && close(log) == 0);
	stunnel_files_words(directory, size > 0 ? data[0] : 0, words);
	MUST(strlen(words) < sizeof(words));
	for (const char *at = words; *at; at++)
		MUST(*at == '\n' || (*at >= ' ' && *at <= '~'));
	return 0;
}
