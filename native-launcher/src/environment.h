/* SPDX-License-Identifier: Apache-2.0 */
/*
 * environment: the variables of a tunnel, under their plain names and, so that
 * they survive --export=NONE, under those with SLURM_ before.
 *
 * A tunnel of a thousand forwards has six thousand of them, and setenv() and spank_setenv()
 * look through all variables for each: here they are ordered first. What cannot be done is told.
 */
#ifndef STUNNEL_ENVIRONMENT_H
#define STUNNEL_ENVIRONMENT_H

#include "record.h"

#include <slurm/spank.h>

#define STUNNEL_VARIABLE "STUNNEL_"
#define STUNNEL_CARRIER "SLURM_"

/* In a client: forgets what an enclosing job's tunnel left; it says nothing of ours. */
void stunnel_environment_forget(void);

/* In a client: sets what the answer tells of its tunnel. */
void stunnel_environment_set(const struct stunnel_record *answer);

/* In a task: sets what the answer tells and the task does not have yet. */
void stunnel_environment_give(spank_t spank, const struct stunnel_record *answer);

#endif
