/* SPDX-License-Identifier: Apache-2.0 */
/* Records as keeper and plugin take them: bytes that come in pieces, whoever wrote them. */
#include "../src/environment.h"
#include "../src/lock.h"
#include "../src/message.h"
#include "../src/record.h"
#include "fuzz.h"

#include <stdarg.h>
#include <string.h>

static const char *const keys[] = { "request", "answer", "lock", "dir", "stop", "start", "env", "" };

/* The task that gets variables: it has some. */
spank_err_t spank_get_item(spank_t spank, spank_item_t item, ...)
{
	static char *environment[] = { (char *)"PATH=/bin", (char *)"STUNNEL_COUNT=1", NULL };
	va_list arguments;

	(void)spank;
	MUST(item == S_JOB_ENV);
	va_start(arguments, item);
	*va_arg(arguments, char ***) = environment;
	va_end(arguments);
	return ESPANK_SUCCESS;
}

spank_err_t spank_setenv(spank_t spank, const char *name, const char *value, int overwrite)
{
	(void)spank;
	MUST(overwrite && !strchr(name, '='));
	MUST(strcmp(name, "STUNNEL_COUNT") != 0 || strcmp(value, "1") != 0);
	return ESPANK_SUCCESS;
}

/* What is found lies within the first message, and a list is what the fields are. */
static void look_at(const struct stunnel_record *record, size_t size)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		char **list = stunnel_record_list(record, keys[i]);
		size_t count = 0;

		for (const char *value = NULL;
		     (value = stunnel_record_next(record, keys[i], value)); count++) {
			MUST(value > record->data && value + strlen(value) < record->data + size);
			MUST(list && list[count] == value);
		}
		MUST(count == 0 ? !list : list[count] == NULL);
		free(list);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stunnel_record record = { 0 };
	size_t taken = 0, message;

	/* The first byte says how large the pieces are. */
	for (size_t at = 1, piece; at < size; at += piece) {
		piece = size - at < data[0] + 1U ? size - at : data[0] + 1U;
		stunnel_record_append(&record, (const char *)data + at, piece);
		while ((message = stunnel_record_message(&record)) > 0) {
			MUST(message <= record.size && record.data[message - 1] == '\0');
			look_at(&record, message);
			(void)stunnel_answer_is(&record, "ready");
			(void)stunnel_answer_result(&record);
			stunnel_environment_give(NULL, &record);
			if (stunnel_record_get(&record, "lock"))
				(void)stunnel_lock_is_key(stunnel_record_get(&record, "lock"));
			stunnel_record_drop(&record, message);
			taken += message;
		}
	}
	MUST(record.failed || size == 0 || taken + record.size == size - 1);
	stunnel_record_free(&record);
	return 0;
}
