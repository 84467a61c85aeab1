/* SPDX-License-Identifier: Apache-2.0 */
#include "archive.h"

#include <dirent.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* FNV-1a, 64 bits: a name is made of it, nothing is proved by it. */
static const uint64_t basis = 0xcbf29ce484222325U;

static uint64_t mix_byte(uint64_t hash, unsigned char byte)
{
	return (hash ^ byte) * 0x100000001b3U;
}

static uint64_t mix_text(uint64_t hash, const char *text)
{
	while (*text)
		hash = mix_byte(hash, (unsigned char)*text++);
	return mix_byte(hash, 0);
}

static uint64_t mix_number(uint64_t hash, long long number)
{
	for (int bits = 0; bits < 64; bits += 8)
		hash = mix_byte(hash, (unsigned char)((unsigned long long)number >> bits));
	return hash;
}

/* The name that a file has here, and what the JVM compares of it, too. */
static uint64_t mix_file(uint64_t hash, const char *name, const struct stat *status)
{
	hash = mix_number(mix_text(hash, name), status->st_size);
	hash = mix_number(hash, status->st_mtim.tv_sec);
	return mix_number(hash, status->st_mtim.tv_nsec);
}

/* JAVA_HOME/bin/java is what libexec/java leads to, and starts JAVA_HOME/lib/server/libjvm.so. */
static int hash_jvm(const char *prefix, uint64_t *hash)
{
	char link[PATH_MAX], java[PATH_MAX], library[PATH_MAX];
	struct stat status;
	char *slash;

	if (snprintf(link, sizeof(link), "%s/libexec/java", prefix) >= (int)sizeof(link) ||
	    !realpath(link, java))
		return -1;
	for (int i = 0; i < 2; i++) {
		slash = strrchr(java, '/');
		if (!slash)
			return -1;
		*slash = '\0';
	}
	if (snprintf(library, sizeof(library), "%s/lib/server/libjvm.so", java) >=
		    (int)sizeof(library) ||
	    stat(library, &status) != 0)
		return -1;
	*hash = mix_file(*hash, library, &status);
	return 0;
}

static bool ends_in(const char *name, const char *end)
{
	size_t length = strlen(name);

	return length >= strlen(end) && strcmp(name + length - strlen(end), end) == 0;
}

/* What the archive is made of; other files lie beside it. */
static bool matters(const char *name)
{
	return ends_in(name, ".jar") || strcmp(name, "jvm.options") == 0;
}

/* The jars and the options beside them, in whatever order the directory has them. */
static int hash_jars(const char *prefix, uint64_t *hash)
{
	char path[PATH_MAX];
	struct dirent *entry;
	struct stat status;
	bool failed = false;
	DIR *directory;
	uint64_t sum = 0;

	if (snprintf(path, sizeof(path), "%s/lib/java", prefix) >= (int)sizeof(path) ||
	    !(directory = opendir(path)))
		return -1;
	while ((entry = readdir(directory))) {
		if (!matters(entry->d_name))
			continue;
		if (fstatat(dirfd(directory), entry->d_name, &status, 0) == 0)
			sum += mix_file(basis, entry->d_name, &status);
		else
			failed = true;
	}
	(void)closedir(directory);
	*hash = mix_text(*hash, prefix) + sum;
	return failed ? -1 : 0;
}

int stunnel_archive_path(char *path, size_t size, const char *prefix)
{
	uint64_t jvm = basis, jars = basis;

	if (hash_jvm(prefix, &jvm) != 0 || hash_jars(prefix, &jars) != 0)
		return -1;
	return snprintf(path, size, "%s/lib/java/%016" PRIx64 "-%016" PRIx64 ".jsa", prefix, jars,
			jvm) < (int)size ?
		       0 :
		       -1;
}
