/* SPDX-License-Identifier: Apache-2.0 */
#include "../src/record.h"

#include "tap.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool has(const struct stunnel_record *record, const char *key, const char *value)
{
	const char *found = stunnel_record_get(record, key);

	return found && strcmp(found, value) == 0;
}

static void finds_the_fields_it_was_given(void)
{
	static const char expected[] = "request=open\0spec=8001:8000\0job=812\0";
	struct stunnel_record record = { 0 };

	stunnel_record_add(&record, "request", "open");
	stunnel_record_add(&record, "spec", "8001:8000");
	stunnel_record_add_number(&record, "job", 812);
	stunnel_record_end(&record);
	CHECK(!record.failed);
	CHECK(record.size == sizeof(expected));
	CHECK(memcmp(record.data, expected, sizeof(expected)) == 0);
	CHECK(has(&record, "request", "open"));
	CHECK(has(&record, "spec", "8001:8000"));
	CHECK(has(&record, "job", "812"));
	CHECK(!stunnel_record_get(&record, "step"));
	stunnel_record_free(&record);
	CHECK(!record.data && record.size == 0);
}

static void an_empty_record_has_nothing(void)
{
	struct stunnel_record record = { 0 };

	CHECK(stunnel_record_message(&record) == 0);
	CHECK(!stunnel_record_get(&record, "answer"));
	CHECK(!stunnel_record_list(&record, "stop"));
	stunnel_record_drop(&record, 1);
	CHECK(record.size == 0);
	stunnel_record_append(&record, "", 0);
	CHECK(!record.data);
	stunnel_record_free(&record);
}

static void a_lone_end_is_a_message_without_fields(void)
{
	struct stunnel_record record = { 0 };

	stunnel_record_end(&record);
	CHECK(stunnel_record_message(&record) == 1);
	CHECK(!stunnel_record_get(&record, ""));
	CHECK(!stunnel_record_get(&record, "answer"));
	stunnel_record_free(&record);
}

static void keys_and_values_may_look_alike(void)
{
	struct stunnel_record record = { 0 };

	stunnel_record_add(&record, "stopped", "a");
	stunnel_record_add(&record, "text", "stop=b");
	stunnel_record_add(&record, "stop", "c=d=");
	stunnel_record_append(&record, "stop", sizeof("stop")); /* no field: it has no value */
	stunnel_record_add(&record, "empty", "");
	stunnel_record_end(&record);
	CHECK(has(&record, "stop", "c=d="));
	CHECK(!stunnel_record_next(&record, "stop", stunnel_record_get(&record, "stop")));
	CHECK(!stunnel_record_get(&record, "sto"));
	CHECK(!stunnel_record_get(&record, "c"));
	CHECK(has(&record, "empty", ""));
	stunnel_record_free(&record);
}

static void values_may_hold_anything_but_nul(void)
{
	char value[256];
	struct stunnel_record record = { 0 };

	for (int i = 0; i < 255; i++)
		value[i] = (char)(i + 1);
	value[255] = '\0';
	stunnel_record_add(&record, "text", value);
	stunnel_record_end(&record);
	CHECK(stunnel_record_message(&record) == record.size);
	CHECK(has(&record, "text", value));
	stunnel_record_free(&record);
}

static void lists_keep_order_and_empty_words(void)
{
	static const char *const words[] = { "ssh", "-S", "", "ctl", "" };
	struct stunnel_record record = { 0 };
	char **list;

	stunnel_record_add(&record, "answer", "opening");
	for (int i = 0; i < 5; i++) {
		stunnel_record_add(&record, "stop", words[i]);
		stunnel_record_add(&record, "start", "x");
	}
	stunnel_record_end(&record);
	list = stunnel_record_list(&record, "stop");
	CHECK(list != NULL);
	for (int i = 0; i < 5; i++)
		CHECK(strcmp(list[i], words[i]) == 0);
	CHECK(!list[5]);
	free(list);
	stunnel_record_free(&record);
}

static void a_list_ends_with_its_message(void)
{
	struct stunnel_record record = { 0 };
	char **list;

	stunnel_record_add(&record, "stop", "first");
	stunnel_record_end(&record);
	stunnel_record_add(&record, "stop", "second");
	stunnel_record_end(&record);
	list = stunnel_record_list(&record, "stop");
	CHECK(list && strcmp(list[0], "first") == 0 && !list[1]);
	free(list);
	stunnel_record_drop(&record, stunnel_record_message(&record));
	CHECK(has(&record, "stop", "second"));
	stunnel_record_free(&record);
}

static void a_message_is_whole_with_its_last_byte(void)
{
	static const char bytes[] = "answer=ok\0text=\0env=A=B\0\0answer=ready\0";
	const size_t first = 25;

	for (size_t size = 1; size <= sizeof(bytes); size++) {
		struct stunnel_record record = { 0 };

		for (size_t i = 0; i < size; i++) {
			stunnel_record_append(&record, bytes + i, 1);
			CHECK(stunnel_record_message(&record) == (i + 1 < first ? 0 : first));
		}
		if (size == sizeof(bytes)) {
			stunnel_record_drop(&record, first);
			CHECK(stunnel_record_message(&record) == sizeof(bytes) - first);
			CHECK(has(&record, "answer", "ready"));
		}
		stunnel_record_free(&record);
	}
}

static void reads_what_a_peer_sent_and_its_end(void)
{
	struct stunnel_record record = { 0 };
	int ends[2];

	CHECK(pipe(ends) == 0);
	CHECK(write(ends[1], "answer=", 7) == 7);
	CHECK(stunnel_record_read(&record, ends[0]) == 7);
	CHECK(stunnel_record_message(&record) == 0);
	CHECK(write(ends[1], "ok\0", 4) == 4);
	CHECK(stunnel_record_read(&record, ends[0]) == 4);
	CHECK(stunnel_record_message(&record) == 11);
	CHECK(close(ends[1]) == 0);
	CHECK(stunnel_record_read(&record, ends[0]) == 0);
	CHECK(close(ends[0]) == 0);
	CHECK(stunnel_record_read(&record, ends[0]) == -1 && errno == EBADF);
	CHECK(has(&record, "answer", "ok"));
	stunnel_record_free(&record);
}

static int interrupted_ends[2];

static void write_meanwhile(int number)
{
	(void)number;
	(void)!write(interrupted_ends[1], "x", 1);
}

static void a_signal_does_not_end_a_read(void)
{
	const struct sigaction action = { .sa_handler = write_meanwhile };
	struct stunnel_record record = { 0 };
	pid_t parent = getpid();
	pid_t pid;

	CHECK(pipe(interrupted_ends) == 0 && sigaction(SIGUSR1, &action, NULL) == 0);
	pid = fork();
	if (pid == 0) {
		/* By then it reads; if it does not yet, it just does not wait. */
		(void)usleep(100000);
		_exit(kill(parent, SIGUSR1));
	}
	CHECK(stunnel_record_read(&record, interrupted_ends[0]) == 1);
	CHECK(waitpid(pid, NULL, 0) == pid);
	CHECK(close(interrupted_ends[0]) == 0 && close(interrupted_ends[1]) == 0);
	stunnel_record_free(&record);
}

static char *letters(size_t count)
{
	char *text = malloc(count + 1);

	CHECK(text != NULL);
	memset(text, 'x', count);
	text[count] = '\0';
	return text;
}

static void a_message_of_the_greatest_size_is_taken(void)
{
	char *text = letters(STUNNEL_RECORD_MAX - 7);
	struct stunnel_record record = { 0 };

	stunnel_record_add(&record, "text", text);
	stunnel_record_end(&record);
	CHECK(!record.failed && record.size == STUNNEL_RECORD_MAX);
	CHECK(stunnel_record_message(&record) == STUNNEL_RECORD_MAX);
	CHECK(has(&record, "text", text));
	free(text);
	stunnel_record_free(&record);
}

static void a_longer_one_is_refused_for_good(void)
{
	char *text = letters(STUNNEL_RECORD_MAX - 6);
	struct stunnel_record record = { 0 };

	stunnel_record_add(&record, "text", text);
	CHECK(!record.failed);
	stunnel_record_end(&record);
	CHECK(record.failed);
	stunnel_record_add(&record, "a", "b");
	CHECK(record.failed && record.size == STUNNEL_RECORD_MAX);
	CHECK(stunnel_record_read(&record, STDIN_FILENO) == -1 && errno == ENOMEM);
	stunnel_record_free(&record);
	CHECK(!record.failed);
	/* A size that would wrap around. */
	stunnel_record_append(&record, text, 1);
	stunnel_record_append(&record, text, (size_t)-1);
	CHECK(record.failed && record.size == 1);
	/* What has a gap gets nothing more. */
	stunnel_record_append(&record, text, 1);
	CHECK(record.failed && record.size == 1);
	free(text);
	stunnel_record_free(&record);
}

static void a_peer_without_end_is_cut_off(void)
{
	static const char bytes[65536] = { 'x' };
	struct stunnel_record record = { 0 };
	int ends[2];

	CHECK(pipe(ends) == 0);
	for (size_t sent = 0; sent < STUNNEL_RECORD_MAX; sent += sizeof(bytes)) {
		CHECK(write(ends[1], bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes));
		for (size_t from = record.size; record.size < from + sizeof(bytes);)
			CHECK(stunnel_record_read(&record, ends[0]) > 0);
	}
	CHECK(write(ends[1], bytes, 1) == 1);
	CHECK(stunnel_record_read(&record, ends[0]) == -1 && errno == ENOMEM);
	CHECK(record.failed);
	CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
	stunnel_record_free(&record);
}

static void drops_no_more_than_there_is(void)
{
	struct stunnel_record record = { 0 };

	stunnel_record_add(&record, "a", "b");
	stunnel_record_drop(&record, 1000);
	CHECK(record.size == 0);
	stunnel_record_add_number(&record, "n", ULONG_MAX);
	stunnel_record_end(&record);
	CHECK(has(&record, "n", "18446744073709551615"));
	stunnel_record_free(&record);
}

/* --- garbage ------------------------------------------------------------- */

/* The end of the first message, found in the most obvious way; 0: none. */
static size_t end_of_message(const char *bytes, size_t size)
{
	for (size_t at = 0; at < size;) {
		const char *end = memchr(bytes + at, '\0', size - at);

		if (!end)
			return 0;
		if (end == bytes + at)
			return at + 1;
		at = (size_t)(end - bytes) + 1;
	}
	return 0;
}

/* Compares all that is found for `key` with the fields of the message. */
static void check_message(const struct stunnel_record *record, size_t size, const char *key)
{
	char **list = stunnel_record_list(record, key);
	size_t length = strlen(key);
	size_t found = 0;

	for (size_t at = 0; at + 1 < size; at += strlen(record->data + at) + 1) {
		const char *field = record->data + at;

		if (strncmp(field, key, length) != 0 || field[length] != '=')
			continue;
		CHECK(list && list[found] == field + length + 1);
		found++;
	}
	CHECK(found == 0 ? !list : !list[found]);
	free(list);
}

static void garbage_is_cut_as_the_format_says(void)
{
	static const char alphabet[] = "\0\0\0==abk";

	for (int round = 0; round < 3000; round++) {
		struct stunnel_record record = { 0 };
		size_t total = tap_random(200);
		size_t size;

		while (record.size < total) {
			char chunk[16];
			size_t count = tap_random(sizeof(chunk)) + 1;

			for (size_t i = 0; i < count; i++)
				chunk[i] = alphabet[tap_random(sizeof(alphabet) - 1)];
			stunnel_record_append(&record, chunk, count);
			CHECK(stunnel_record_message(&record) ==
			      end_of_message(record.data, record.size));
		}
		while ((size = stunnel_record_message(&record)) > 0) {
			CHECK(size == end_of_message(record.data, record.size));
			check_message(&record, size, "a");
			check_message(&record, size, "ab");
			check_message(&record, size, "");
			stunnel_record_drop(&record, size);
		}
		CHECK(end_of_message(record.data, record.size) == 0);
		stunnel_record_free(&record);
	}
}

static const struct tap_case cases[] = {
	TAP_CASE(finds_the_fields_it_was_given),
	TAP_CASE(an_empty_record_has_nothing),
	TAP_CASE(a_lone_end_is_a_message_without_fields),
	TAP_CASE(keys_and_values_may_look_alike),
	TAP_CASE(values_may_hold_anything_but_nul),
	TAP_CASE(lists_keep_order_and_empty_words),
	TAP_CASE(a_list_ends_with_its_message),
	TAP_CASE(a_message_is_whole_with_its_last_byte),
	TAP_CASE(reads_what_a_peer_sent_and_its_end),
	TAP_CASE(a_signal_does_not_end_a_read),
	TAP_CASE(a_message_of_the_greatest_size_is_taken),
	TAP_CASE(a_longer_one_is_refused_for_good),
	TAP_CASE(a_peer_without_end_is_cut_off),
	TAP_CASE(drops_no_more_than_there_is),
	TAP_CASE(garbage_is_cut_as_the_format_says),
};

TAP_MAIN(cases)
