/* SPDX-License-Identifier: Apache-2.0 */
#include "../src/memory.h"

#include "installation.h"
#include "tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { NOBODY = 65534 };

/* What a client has: its request, and the file that its answer depends on. */
static struct stunnel_record request;
static char settings[256];
static int memory = -1;

static const char *folder(const char *name)
{
	static char path[512];

	(void)snprintf(path, sizeof(path), "%s/%lu/%s", tap_directory(), (unsigned long)getuid(),
		       name);
	return path;
}

/* Of a time when the files of this test are old. */
static time_t later(void)
{
	return time(NULL) + 60;
}

static void ask_for(const char *spec)
{
	stunnel_record_free(&request);
	stunnel_record_add(&request, "request", "check");
	stunnel_record_add(&request, "spec", spec);
	stunnel_record_end(&request);
}

static void begin(void)
{
	CHECK(mkdir(folder(""), 0700) == 0);
	memory = stunnel_memory_open(tap_directory(), getuid());
	CHECK(memory >= 0);
	(void)snprintf(settings, sizeof(settings), "%s/stunnel.conf", tap_directory());
	installation_write("stunnel.conf", "start = warn\n");
	ask_for("8001:8000");
}

static void end(void)
{
	stunnel_record_free(&request);
	CHECK(close(memory) == 0);
}

/* Keeps an answer that depends on the file, if any, unless it is too young at `when`. */
static void keep(const char *value, const char *file, time_t when)
{
	struct stunnel_record answer = { 0 };

	stunnel_record_add(&answer, "answer", "ok");
	stunnel_record_add(&answer, "env", value);
	if (file)
		stunnel_record_add(&answer, "file", file);
	stunnel_record_end(&answer);
	stunnel_memory_keep(memory, &request, &answer, when);
	stunnel_record_free(&answer);
}

static bool recalls(const char *value)
{
	struct stunnel_record answer = { 0 };
	bool found = stunnel_memory_recall(memory, &request, &answer);
	const char *env = found ? stunnel_record_get(&answer, "env") : NULL;
	bool same = env && value && strcmp(env, value) == 0;

	CHECK(found || answer.size == 0);
	stunnel_record_free(&answer);
	return value ? same : found;
}

static bool knows(void)
{
	return recalls(NULL);
}

/* The names in the memory; their number. */
static int slots(char *last, size_t size)
{
	DIR *directory = opendir(folder("slurm-stunnel"));
	struct dirent *entry;
	int count = 0;

	CHECK(directory);
	while ((entry = readdir(directory))) {
		if (entry->d_name[0] == '.')
			continue;
		count++;
		if (last)
			(void)snprintf(last, size, "slurm-stunnel/%s", entry->d_name);
	}
	CHECK(closedir(directory) == 0);
	return count;
}

/* The slot of the one answer that is kept, as a path. */
static char *only_slot(void)
{
	char name[300];

	CHECK(slots(name, sizeof(name)) == 1);
	return strdup(folder(name));
}

static void what_was_answered_is_known(void)
{
	begin();
	CHECK(!knows());
	keep("STUNNEL_COUNT=1", settings, later());
	CHECK(recalls("STUNNEL_COUNT=1"));
	keep("STUNNEL_COUNT=2", settings, later());
	CHECK(recalls("STUNNEL_COUNT=2"));
	ask_for("8002:8000");
	CHECK(!knows());
	ask_for("8001:8000");
	CHECK(knows());
	stunnel_memory_forget(memory, &request);
	CHECK(!knows() && slots(NULL, 0) == 0);
	end();
}

static void a_file_that_changes_is_noticed(void)
{
	struct stat before;
	const struct timespec same[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_nsec = UTIME_OMIT } };

	begin();
	keep("", settings, later());
	/* Of the same length, with the time of the old one. */
	CHECK(stat(settings, &before) == 0);
	installation_write("stunnel.conf", "start =require");
	CHECK(utimensat(AT_FDCWD, settings, (struct timespec[]){ before.st_atim, before.st_mtim }, 0) == 0);
	CHECK(!knows());
	keep("", settings, later());
	CHECK(knows() && chmod(settings, 0600) == 0 && !knows());
	keep("", settings, later());
	CHECK(knows() && utimensat(AT_FDCWD, settings, same, 0) == 0);
	CHECK(knows() && unlink(settings) == 0 && !knows());
	/* It is known, too, that there was none. */
	keep("", settings, later());
	CHECK(knows());
	installation_write("stunnel.conf", "start = warn\n");
	CHECK(!knows());
	end();
}

static void what_may_have_changed_meanwhile_is_not_kept(void)
{
	begin();
	keep("", settings, time(NULL));
	CHECK(!knows());
	/* Nor what says nothing of what it depends on. */
	keep("", NULL, later());
	CHECK(!knows() && slots(NULL, 0) == 0);
	end();
}

static void it_stays_small(void)
{
	static char value[STUNNEL_MEMORY_MAX + 1];
	char spec[32];

	begin();
	for (int i = 0; i < 1000; i++) {
		(void)snprintf(spec, sizeof(spec), "%d", i);
		ask_for(spec);
		keep(spec, settings, later());
		CHECK(recalls(spec));
	}
	CHECK(slots(NULL, 0) <= STUNNEL_MEMORY_SLOTS);
	CHECK(slots(NULL, 0) > STUNNEL_MEMORY_SLOTS / 2);
	memset(value, 'x', sizeof(value) - 1);
	ask_for("long");
	keep(value, settings, later());
	CHECK(!knows());
	end();
}

static void only_a_file_of_ones_own_is_read(void)
{
	char *slot, *aside;

	begin();
	keep("", settings, later());
	slot = only_slot();
	aside = strdup(folder("aside"));
	CHECK(slot && aside);
	/* Another one can write to it; it has another name; it is elsewhere; it is something else. */
	CHECK(chmod(slot, 0660) == 0 && !knows() && chmod(slot, 0600) == 0 && knows());
	CHECK(link(slot, aside) == 0 && !knows() && unlink(aside) == 0 && knows());
	CHECK(rename(slot, aside) == 0 && symlink(aside, slot) == 0 && !knows());
	CHECK(unlink(slot) == 0 && mkfifo(slot, 0600) == 0 && !knows());
	CHECK(unlink(slot) == 0 && mkdir(slot, 0700) == 0 && !knows());
	CHECK(rmdir(slot) == 0 && rename(aside, slot) == 0 && knows());
	if (geteuid() == 0) {
		CHECK(chown(slot, NOBODY, NOBODY) == 0 && !knows());
		CHECK(chown(slot, 0, 0) == 0 && knows());
	}
	free(slot);
	free(aside);
	end();
}

static void no_bytes_are_too_strange(void)
{
	char *slot;
	int fd;

	begin();
	keep("STUNNEL_COUNT=1", settings, later());
	slot = only_slot();
	CHECK(slot);
	for (int i = 0; i < 300; i++) {
		struct stat status;
		char byte = (char)tap_random(256), old;
		off_t at;

		fd = open(slot, O_RDWR | O_CLOEXEC);
		CHECK(fd >= 0 && fstat(fd, &status) == 0);
		at = (off_t)tap_random((unsigned int)status.st_size);
		CHECK(pread(fd, &old, 1, at) == 1 && pwrite(fd, &byte, 1, at) == 1);
		(void)knows();
		CHECK(pwrite(fd, &old, 1, at) == 1 && knows());
		CHECK(ftruncate(fd, at) == 0 && !knows() && close(fd) == 0);
		keep("STUNNEL_COUNT=1", settings, later());
	}
	fd = open(slot, O_WRONLY | O_CLOEXEC);
	CHECK(fd >= 0 && ftruncate(fd, 1 << 30) == 0 && close(fd) == 0 && !knows());
	free(slot);
	end();
}

/* What was being written when its writer was killed. */
static void half_a_file_does_not_stay(void)
{
	char *slot;
	char path[600];

	begin();
	keep("1", settings, later());
	slot = only_slot();
	CHECK(slot);
	(void)snprintf(path, sizeof(path), "%s.new", slot);
	CHECK(close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) == 0);
	keep("2", settings, later());
	CHECK(recalls("1"));
	keep("2", settings, later());
	CHECK(recalls("2") && slots(NULL, 0) == 1);
	free(slot);
	end();
}

/* Whether a login is known for the request, which it then is no more. */
static bool gives(const char *directory)
{
	struct stunnel_record login = { 0 };
	const char *found;
	bool same;

	stunnel_memory_take_login(memory, &request, &login);
	found = login.size > 0 ? stunnel_record_get(&login, "dir") : NULL;
	same = found && strcmp(found, directory) == 0;
	CHECK(same || login.size == 0);
	stunnel_record_free(&login);
	return same;
}

static void keep_login(const char *directory)
{
	struct stunnel_record login = { 0 };

	stunnel_record_add(&login, "dir", directory);
	stunnel_record_end(&login);
	stunnel_memory_keep_login(memory, &request, &login);
	stunnel_record_free(&login);
}

static void a_login_is_given_once(void)
{
	begin();
	/* Not without an answer that is known. */
	keep_login("/tmp/1");
	CHECK(!gives("/tmp/1") && slots(NULL, 0) == 0);
	keep("", settings, later());
	keep_login("/tmp/1");
	keep_login("/tmp/2");
	ask_for("8002:8000");
	CHECK(!gives("/tmp/2"));
	ask_for("8001:8000");
	keep_login("/tmp/3");
	CHECK(gives("/tmp/3") && !gives("/tmp/3") && knows());
	/* Of so many other requests, some have the very slot. */
	for (int i = 0; i < 20 * STUNNEL_MEMORY_SLOTS; i++) {
		char spec[32];

		if (i % STUNNEL_MEMORY_SLOTS == 0)
			keep_login("/tmp/4");
		(void)snprintf(spec, sizeof(spec), "%d:8000", 10000 + i);
		ask_for(spec);
		CHECK(!gives("/tmp/4"));
		ask_for("8001:8000");
	}
	end();
}

static bool opens(void)
{
	int fd = stunnel_memory_open(tap_directory(), getuid());

	return fd >= 0 && close(fd) == 0;
}

static void only_a_directory_of_ones_own_is_used(void)
{
	char *own, *inner;

	CHECK(!opens() && mkdir(folder(""), 0700) == 0 && opens());
	own = strdup(folder(""));
	inner = strdup(folder("slurm-stunnel"));
	CHECK(own && inner);
	own[strlen(own) - 1] = '\0';
	CHECK(chmod(own, 0750) == 0 && !opens() && chmod(own, 0700) == 0);
	CHECK(chmod(inner, 0770) == 0 && !opens() && rmdir(inner) == 0);
	/* Not even over a link to another one. */
	CHECK(mkdir(folder("other"), 0700) == 0 && symlink("other", inner) == 0 && !opens());
	CHECK(unlink(inner) == 0 && rmdir(folder("other")) == 0);
	if (geteuid() == 0) {
		CHECK(chown(own, NOBODY, NOBODY) == 0 && !opens() && chown(own, 0, 0) == 0);
		CHECK(opens() && chown(inner, NOBODY, NOBODY) == 0 && !opens());
	}
	/* Without one, nothing is remembered, and nothing fails. */
	memory = -1;
	ask_for("8001:8000");
	keep("", "/", later());
	CHECK(!knows());
	stunnel_memory_forget(memory, &request);
	keep_login("/tmp/1");
	CHECK(!gives("/tmp/1"));
	stunnel_record_free(&request);
	free(own);
	free(inner);
}

static const struct tap_case cases[] = {
	TAP_CASE(what_was_answered_is_known),
	TAP_CASE(a_file_that_changes_is_noticed),
	TAP_CASE(what_may_have_changed_meanwhile_is_not_kept),
	TAP_CASE(it_stays_small),
	TAP_CASE(only_a_file_of_ones_own_is_read),
	TAP_CASE(no_bytes_are_too_strange),
	TAP_CASE(half_a_file_does_not_stay),
	TAP_CASE(a_login_is_given_once),
	TAP_CASE(only_a_directory_of_ones_own_is_used),
};

TAP_MAIN(cases)
