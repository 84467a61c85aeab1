/* SPDX-License-Identifier: Apache-2.0 */
/* message: what launcher and runtime tell each other, as far as the launcher knows. */
#ifndef STUNNEL_MESSAGE_H
#define STUNNEL_MESSAGE_H

#include "record.h"

#include <stdbool.h>
#include <sys/types.h>

/* What every request says. `argv` are the plugin's arguments in plugstack.conf. */
struct stunnel_request {
	const char *context; /* local, allocator or remote */
	const char *origin;  /* srun, sbatch or salloc */
	const char *prefix;
	const char *spec;
	uid_t uid;
	int argc;
	char **argv;
};

/* Adds the fields that requests of all kinds have, `what` (check or open) first. */
void stunnel_request_begin(struct stunnel_record *record, const char *what,
			   const struct stunnel_request *request);

/* True when the answer is `what`: ok, ready, shared, refused or failed. */
bool stunnel_answer_is(const struct stunnel_record *answer, const char *what);

/* What a failed tunnel does to the job, as a hook returns it: -1, or 0 and says so. */
int stunnel_answer_result(const struct stunnel_record *answer);

#endif
