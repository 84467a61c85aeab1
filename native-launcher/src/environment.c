/* SPDX-License-Identifier: Apache-2.0 */
#include "environment.h"

#include "log.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Variables as "NAME=value", ordered by name. */
struct variables {
	struct variables *older;
	char **pairs;
	size_t count;
	char texts[];
};

static void tell(void)
{
	stunnel_log_error("warning: the tunnel's variables cannot be set\n");
}

static int compare(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static int compare_names(const void *left, const void *right)
{
	const char *a = *(char *const *)left, *b = *(char *const *)right;
	size_t length = strcspn(a, "="), other = strcspn(b, "=");
	int order = memcmp(a, b, length < other ? length : other);

	return order != 0 || length == other ? order : length < other ? -1 : 1;
}

static size_t length_of(char **entries)
{
	size_t count = 0;

	while (entries && entries[count])
		count++;
	return count;
}

static void release(struct variables *variables)
{
	if (variables)
		free(variables->pairs);
	free(variables);
}

/* What the answer tells, under both names. NULL: no memory. */
static struct variables *variables_of(const struct stunnel_record *answer)
{
	struct variables *variables;
	const char *pair = NULL;
	size_t count = 0, size = 0;
	char *text;

	for (; (pair = stunnel_record_next(answer, "env", pair)); count++)
		size += sizeof(STUNNEL_CARRIER) + strlen(pair);
	variables = calloc(1, sizeof(*variables) + size);
	if (!variables)
		return NULL;
	variables->pairs = calloc(2 * count + 1, sizeof(*variables->pairs));
	if (!variables->pairs) {
		release(variables);
		return NULL;
	}
	text = variables->texts;
	while ((pair = stunnel_record_next(answer, "env", pair))) {
		if (!strchr(pair, '='))
			continue;
		variables->pairs[variables->count++] = text;
		variables->pairs[variables->count++] = text + strlen(STUNNEL_CARRIER);
		text = stpcpy(stpcpy(text, STUNNEL_CARRIER), pair) + 1;
	}
	qsort(variables->pairs, variables->count, sizeof(*variables->pairs), compare_names);
	return variables;
}

static bool is_carrier(const char *entry)
{
	static const char carried[] = STUNNEL_CARRIER STUNNEL_VARIABLE;

	return strncmp(entry, carried, sizeof(carried) - 1) == 0;
}

void stunnel_environment_forget(void)
{
	char **plain = calloc(length_of(environ) + 1, sizeof(*plain));
	size_t count = 0;
	char **kept = environ;

	if (!plain) {
		tell();
		return;
	}
	for (char **entry = environ; entry && *entry; entry++) {
		if (is_carrier(*entry))
			plain[count++] = *entry + strlen(STUNNEL_CARRIER);
	}
	qsort(plain, count, sizeof(*plain), compare_names);
	/* As unsetenv() does it. */
	for (char **entry = environ; count > 0 && *entry; entry++) {
		if (!is_carrier(*entry) &&
		    !bsearch(entry, plain, count, sizeof(*plain), compare_names))
			*kept++ = *entry;
	}
	if (count > 0)
		*kept = NULL;
	free(plain);
}

void stunnel_environment_set(const struct stunnel_record *answer)
{
	/* Never freed: somebody may have kept what getenv() returned. */
	static struct variables *all;
	struct variables *variables = variables_of(answer);
	size_t count = length_of(environ), room = variables ? variables->count : 0;
	char **entries = calloc(count + room + 1, sizeof(*entries));
	bool *there = calloc(room + 1, sizeof(*there));

	if (!variables || !entries || !there) {
		tell();
		free(entries);
		free(there);
		release(variables);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		char **pair = bsearch(&environ[i], variables->pairs, room, sizeof(*pair),
				      compare_names);

		entries[i] = pair ? *pair : environ[i];
		if (pair)
			there[pair - variables->pairs] = true;
	}
	for (size_t i = 0; i < room; i++) {
		if (!there[i])
			entries[count++] = variables->pairs[i];
	}
	free(there);
	free(variables->pairs);
	/* What environ was is setenv()'s, or an earlier one of ours. */
	environ = entries;
	variables->pairs = entries;
	variables->older = all;
	all = variables;
}

void stunnel_environment_give(spank_t spank, const struct stunnel_record *answer)
{
	struct variables *variables = variables_of(answer);
	char **env = NULL;
	char **there = NULL;
	size_t count = 0, missing = 0;

	if (spank_get_item(spank, S_JOB_ENV, &env) == ESPANK_SUCCESS)
		count = length_of(env);
	there = calloc(count + 1, sizeof(*there));
	if (!variables || !there) {
		tell();
		free(there);
		release(variables);
		return;
	}
	if (count > 0)
		memcpy(there, env, count * sizeof(*there));
	qsort(there, count, sizeof(*there), compare);
	/* spank_setenv() moves what is there: note what to set before setting it. */
	for (size_t i = 0; i < variables->count; i++) {
		char *pair = variables->pairs[i];

		if (!bsearch(&pair, there, count, sizeof(*there), compare))
			variables->pairs[missing++] = pair;
	}
	free(there);
	for (size_t i = 0; i < missing; i++) {
		const char *pair = variables->pairs[i];
		char *name = strndup(pair, strcspn(pair, "="));

		if (!name || spank_setenv(spank, name, strchr(pair, '=') + 1, 1) != ESPANK_SUCCESS)
			tell();
		free(name);
	}
	release(variables);
}
