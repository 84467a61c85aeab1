/* SPDX-License-Identifier: Apache-2.0 */
#include "record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool reserve(struct stunnel_record *record, size_t extra)
{
	size_t capacity = record->capacity ? record->capacity : 4096;
	char *data;

	if (record->failed)
		return false;
	if (extra > STUNNEL_RECORD_MAX || record->size + extra > STUNNEL_RECORD_MAX)
		goto fail;
	while (capacity < record->size + extra)
		capacity *= 2;
	if (capacity == record->capacity)
		return true;
	data = realloc(record->data, capacity);
	if (!data)
		goto fail;
	record->data = data;
	record->capacity = capacity;
	return true;
fail:
	record->failed = true;
	return false;
}

void stunnel_record_append(struct stunnel_record *record, const char *bytes, size_t size)
{
	if (size == 0 || !reserve(record, size))
		return;
	memcpy(record->data + record->size, bytes, size);
	record->size += size;
}

void stunnel_record_add(struct stunnel_record *record, const char *key, const char *value)
{
	stunnel_record_append(record, key, strlen(key));
	stunnel_record_append(record, "=", 1);
	stunnel_record_append(record, value, strlen(value) + 1);
}

void stunnel_record_add_number(struct stunnel_record *record, const char *key, unsigned long value)
{
	char digits[24];

	/* 20 digits are the most that 64 bits need: this never truncates. */
	(void)snprintf(digits, sizeof(digits), "%lu", value);
	stunnel_record_add(record, key, digits);
}

void stunnel_record_end(struct stunnel_record *record)
{
	stunnel_record_append(record, "", 1);
}

ssize_t stunnel_record_read(struct stunnel_record *record, int fd)
{
	ssize_t count;

	if (!reserve(record, 1)) {
		errno = ENOMEM;
		return -1;
	}
	do {
		count = read(fd, record->data + record->size, record->capacity - record->size);
	} while (count < 0 && errno == EINTR);
	if (count > 0)
		record->size += (size_t)count;
	return count;
}

size_t stunnel_record_message(struct stunnel_record *record)
{
	for (size_t i = record->scanned; i < record->size; i++) {
		if (record->data[i] == '\0' && (i == 0 || record->data[i - 1] == '\0'))
			return i + 1;
		record->scanned = i;
	}
	return 0;
}

void stunnel_record_drop(struct stunnel_record *record, size_t size)
{
	if (size > record->size)
		size = record->size;
	if (size > 0)
		memmove(record->data, record->data + size, record->size - size);
	record->size -= size;
	record->scanned = 0;
}

const char *stunnel_record_next(const struct stunnel_record *record, const char *key,
				const char *previous)
{
	size_t length = strlen(key);
	const char *field = previous ? previous + strlen(previous) + 1 : record->data;

	if (record->size == 0)
		return NULL;
	for (; *field; field += strlen(field) + 1) {
		if (strncmp(field, key, length) == 0 && field[length] == '=')
			return field + length + 1;
	}
	return NULL;
}

const char *stunnel_record_get(const struct stunnel_record *record, const char *key)
{
	return stunnel_record_next(record, key, NULL);
}

char **stunnel_record_list(const struct stunnel_record *record, const char *key)
{
	const char *value = NULL;
	size_t count = 0;
	char **list;

	while ((value = stunnel_record_next(record, key, value)))
		count++;
	list = count > 0 ? calloc(count + 1, sizeof(*list)) : NULL;
	/* exec*() promise not to write through their argv. */
	for (size_t i = 0; list && i < count; i++) {
		value = stunnel_record_next(record, key, value);
		list[i] = (char *)value;
	}
	return list;
}

void stunnel_record_free(struct stunnel_record *record)
{
	free(record->data);
	*record = (struct stunnel_record){ 0 };
}
