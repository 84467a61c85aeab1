/* SPDX-License-Identifier: Apache-2.0 */
/*
 * variables: what a client leaves for the plugin in the job's processes.
 * SLURM_* survives --export=NONE; and it is the user's, who can change it.
 */
#ifndef STUNNEL_VARIABLES_H
#define STUNNEL_VARIABLES_H

#include <slurm/spank.h>
#include <stdbool.h>

/* Which command the option was typed to. */
#define STUNNEL_ORIGIN "SLURM_STUNNEL_ORIGIN"

/* The host on which it was typed. */
#define STUNNEL_HOST "SLURM_STUNNEL_HOST"

/* Set when that command was told --quiet. */
#define STUNNEL_QUIET "SLURM_STUNNEL_QUIET"

/* The key of the lock that the steps of one salloc share. */
#define STUNNEL_LOCK_KEY "SLURM_STUNNEL_LOCK"

/* In a client: sets them, for `origin` (srun, sbatch or salloc). Returns 0, or -1 with errno. */
int stunnel_variables_set(const char *origin, bool quiet);

/* In a task: gives it the tunnel's variables that came with the job, under their plain names. */
void stunnel_variables_unpack(spank_t spank);

#endif
