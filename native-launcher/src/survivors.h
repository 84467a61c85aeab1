/* SPDX-License-Identifier: Apache-2.0 */
/*
 * survivors: the processes that a keeper which is killed leaves behind, told
 * from others that have their numbers by then.
 */
#ifndef STUNNEL_SURVIVORS_H
#define STUNNEL_SURVIVORS_H

#include "record.h"

/* Adds a field `process`, number and start time, for each child of this process. */
void stunnel_survivors_note(struct stunnel_record *record);

/* Kills those processes that a record names, and that are still the same and ours. */
void stunnel_survivors_kill(const struct stunnel_record *record);

#endif
