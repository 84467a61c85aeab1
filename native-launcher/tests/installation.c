/* SPDX-License-Identifier: Apache-2.0 */
#include "installation.h"

#include "tap.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

const char *installation_path(const char *file)
{
	static char paths[4][256];
	static int next;
	char *path = paths[next++ % 4];

	(void)snprintf(path, sizeof(paths[0]), "%s/%s", tap_directory(), file);
	return path;
}

/* A copy, since programs find their prefix by their own path, links resolved. */
void installation_copy(const char *from, const char *file)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(installation_path(file), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	struct stat status;

	CHECK(in >= 0 && out >= 0 && fstat(in, &status) == 0);
	while (sendfile(out, in, NULL, (size_t)status.st_size) > 0)
		;
	CHECK(close(in) == 0 && close(out) == 0);
}

void installation_write(const char *file, const char *text)
{
	FILE *out = fopen(installation_path(file), "we");

	CHECK(out != NULL);
	CHECK(fputs(text, out) >= 0 && fclose(out) == 0);
}

void installation_make(const char *keeper)
{
	/* Nothing here depends on the mask of whoever runs the tests, also as another user. */
	(void)umask(022);
	CHECK(mkdir(installation_path("libexec"), 0755) == 0);
	CHECK(mkdir(installation_path("lib"), 0755) == 0);
	CHECK(mkdir(installation_path("lib/java"), 0755) == 0);
	installation_copy(keeper, "libexec/stunnel-keeper");
	installation_copy(STUNNEL_PEER, "libexec/java");
	installation_write("lib/java/stunnel-runtime.jar", "");
	installation_script(0, "eof\n");
}

void installation_script(int number, const char *format)
{
	char name[32];
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	CHECK(out != NULL);
	for (const char *at = format; *at; at++) {
		if (strncmp(at, "%s", 2) == 0) {
			CHECK(fputs(tap_directory(), out) >= 0);
			at++;
		} else {
			CHECK(fputc(*at, out) != EOF);
		}
	}
	CHECK(fclose(out) == 0);
	(void)snprintf(name, sizeof(name), "script.%d", number);
	installation_write(name, text);
	free(text);
}

const char *installation_read(const char *file)
{
	static char text[65536];
	FILE *in = fopen(installation_path(file), "re");

	text[0] = '\0';
	if (in) {
		text[fread(text, 1, sizeof(text) - 1, in)] = '\0';
		CHECK(fclose(in) == 0);
	}
	return text;
}

int installation_count(const char *file, const char *line)
{
	size_t length = strlen(line);
	int count = 0;

	for (const char *at = installation_read(file); *at;) {
		count += strncmp(at, line, length) == 0 && at[length] == '\n';
		at += strcspn(at, "\n");
		at += *at == '\n';
	}
	return count;
}

bool installation_has(const char *file)
{
	/* A link that leads nowhere is there too. */
	return faccessat(AT_FDCWD, installation_path(file), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

int installation_listen(const char *file)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", installation_path(file));
	CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	CHECK(listen(fd, 64) == 0);
	return fd;
}
