/* SPDX-License-Identifier: Apache-2.0 */
#include "variables.h"

#include "lock.h"
#include "message.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

void stunnel_variables_forget(void)
{
	static const char carried[] = STUNNEL_CARRIER STUNNEL_VARIABLE;

	for (char **entry = environ; entry && *entry;) {
		char *name;

		if (strncmp(*entry, carried, sizeof(carried) - 1) != 0) {
			entry++;
			continue;
		}
		name = strndup(*entry, strcspn(*entry, "="));
		if (!name)
			return;
		(void)unsetenv(name + strlen(STUNNEL_CARRIER));
		(void)unsetenv(name);
		free(name);
		/* unsetenv() moved the entries. */
		entry = environ;
	}
}

/* Leaves the steps of this job a name for their lock that nobody else can guess. */
static int set_lock_key(void)
{
	unsigned char bytes[STUNNEL_KEY_LENGTH / 2];
	char key[STUNNEL_KEY_LENGTH + 1];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return -1;
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)snprintf(key + 2 * i, 3, "%02x", bytes[i]);
	return setenv(STUNNEL_LOCK_KEY, key, 1);
}

int stunnel_variables_set(const char *origin, bool quiet)
{
	char host[HOST_NAME_MAX + 1] = "";

	(void)gethostname(host, sizeof(host) - 1);
	if (setenv(STUNNEL_ORIGIN, origin, 1) != 0 || setenv(STUNNEL_HOST, host, 1) != 0 ||
	    (quiet && setenv(STUNNEL_QUIET, "1", 1) != 0))
		return -1;
	return strcmp(origin, "salloc") == 0 ? set_lock_key() : 0;
}

/* What the plugin tells itself is nothing of the task's. `name` comes without SLURM_. */
static bool is_ours(const char *name)
{
	static const char *const ours[] = { STUNNEL_ORIGIN, STUNNEL_HOST, STUNNEL_QUIET,
					   STUNNEL_LOCK_KEY };
	bool found = false;

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		found |= strcmp(name, ours[i] + strlen(STUNNEL_CARRIER)) == 0;
	return found;
}

void stunnel_variables_unpack(spank_t spank)
{
	static const char carrier[] = STUNNEL_CARRIER STUNNEL_VARIABLE;
	char **env = NULL;
	size_t count = 0;
	char **pairs;

	if (spank_get_item(spank, S_JOB_ENV, &env) != ESPANK_SUCCESS || !env)
		return;
	while (env[count])
		count++;
	/* spank_setenv moves the array: note what to set before setting it. */
	pairs = calloc(count + 1, sizeof(*pairs));
	for (size_t i = 0, used = 0; pairs && i < count; i++) {
		if (strncmp(env[i], carrier, sizeof(carrier) - 1) == 0 &&
		    (pairs[used] = strdup(env[i] + strlen(STUNNEL_CARRIER))))
			used++;
	}
	for (size_t i = 0; pairs && pairs[i]; i++) {
		char *equals = strchr(pairs[i], '=');

		if (equals) {
			*equals = '\0';
			if (!is_ours(pairs[i]))
				(void)spank_setenv(spank, pairs[i], equals + 1, 1);
		}
		free(pairs[i]);
	}
	free(pairs);
}
