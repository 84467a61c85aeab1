/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record: the messages that launcher, keeper and runtime exchange.
 *
 * A message is a sequence of `key=value` fields, each ended by a NUL, and is
 * itself ended by an empty field. Keys may repeat. Nothing is quoted, so
 * nothing is parsed: a value is any text without a NUL.
 */
#ifndef STUNNEL_RECORD_H
#define STUNNEL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A message beyond this is refused by all three programs. */
#define STUNNEL_RECORD_MAX ((size_t)1024 * 1024)

/*
 * Bytes of zero or more messages. Zero-initialised it is empty and valid.
 * `failed` is set when memory ran out or the bound was passed, and stays set,
 * so that a writer may add all fields and ask once.
 */
struct stunnel_record {
	char *data;
	size_t size;
	size_t capacity;
	size_t scanned; /* no message ends before this offset */
	bool failed;
};

/* Adds one field. */
void stunnel_record_add(struct stunnel_record *record, const char *key, const char *value);

/* Adds one field with a decimal number. */
void stunnel_record_add_number(struct stunnel_record *record, const char *key, unsigned long value);

/* Ends the message. */
void stunnel_record_end(struct stunnel_record *record);

/* Adds raw bytes as they came from a peer. */
void stunnel_record_append(struct stunnel_record *record, const char *bytes, size_t size);

/*
 * Reads what `fd` has and appends it. Returns the count, 0 at the end of file,
 * -1 with errno (ENOMEM when the record has failed).
 */
ssize_t stunnel_record_read(struct stunnel_record *record, int fd);

/* The size of the first complete message, its end included; 0: none yet. */
size_t stunnel_record_message(struct stunnel_record *record);

/* Drops the first `size` bytes. */
void stunnel_record_drop(struct stunnel_record *record, size_t size);

/*
 * The value of the next field named `key` in the first message, after the
 * field that `previous` (a value returned before, NULL: none) points into.
 * NULL: no more. Only valid on a record that holds a complete message.
 */
const char *stunnel_record_next(const struct stunnel_record *record, const char *key,
				const char *previous);

/* The first value of `key`, or NULL. */
const char *stunnel_record_get(const struct stunnel_record *record, const char *key);

/*
 * All values of `key` as an argv, which the caller frees and whose strings live
 * as long as the record. NULL: none, or no memory.
 */
char **stunnel_record_list(const struct stunnel_record *record, const char *key);

/* Releases the memory; the record is empty and valid again. */
void stunnel_record_free(struct stunnel_record *record);

#endif
