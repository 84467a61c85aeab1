/* SPDX-License-Identifier: Apache-2.0 */
/* local: what the plugin does in srun, sbatch and salloc, as the user. */
#ifndef STUNNEL_LOCAL_H
#define STUNNEL_LOCAL_H

#include <slurm/spank.h>

/* The command whose option this is. */
enum stunnel_client { STUNNEL_SRUN, STUNNEL_SBATCH, STUNNEL_SALLOC };

/*
 * Before submission: has the value judged. A bad one ends the process: an
 * `optional` plugin's return code would be ignored. Returns 0 or -1.
 */
int stunnel_local_check(int argc, char **argv, spank_context_t context);

/* srun, once the job's nodes are known: opens the tunnel. Returns 0 or -1. */
int stunnel_local_open(spank_t spank, int argc, char **argv);

/* srun is about to exit: ends the tunnel. */
void stunnel_local_end(void);

#endif
