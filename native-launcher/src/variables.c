/* SPDX-License-Identifier: Apache-2.0 */
#include "variables.h"

#include "environment.h"
#include "lock.h"
#include "log.h"
#include "record.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

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

/* What the plugin tells itself is nothing of the task's. `pair` comes without SLURM_. */
static bool is_ours(const char *pair)
{
	static const char *const ours[] = { STUNNEL_ORIGIN, STUNNEL_HOST, STUNNEL_QUIET,
					   STUNNEL_LOCK_KEY };
	bool found = false;

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		const char *name = ours[i] + strlen(STUNNEL_CARRIER);

		found |= strncmp(pair, name, strlen(name)) == 0 && pair[strlen(name)] == '=';
	}
	return found;
}

void stunnel_variables_unpack(spank_t spank)
{
	static const char carried[] = STUNNEL_CARRIER STUNNEL_VARIABLE;
	struct stunnel_record record = { 0 };
	char **env = NULL;

	if (spank_get_item(spank, S_JOB_ENV, &env) != ESPANK_SUCCESS)
		return;
	for (; env && *env; env++) {
		const char *pair = *env + strlen(STUNNEL_CARRIER);

		if (strncmp(*env, carried, sizeof(carried) - 1) == 0 && !is_ours(pair))
			stunnel_record_add(&record, "env", pair);
	}
	stunnel_record_end(&record);
	if (record.failed)
		stunnel_log_error("warning: the job's SLURM_STUNNEL_ variables are more than a tunnel's\n");
	else
		stunnel_environment_give(spank, &record);
	stunnel_record_free(&record);
}
