/* SPDX-License-Identifier: Apache-2.0 */
/*
 * remote: what the plugin does in slurmstepd. All but stunnel_remote_task()
 * runs as root there and therefore only makes, closes and awaits descriptors;
 * what is left to do at the end, a keeper does, which is the user before its exec.
 */
#ifndef STUNNEL_REMOTE_H
#define STUNNEL_REMOTE_H

#include <slurm/spank.h>

/* Decides whether this step opens the job's tunnel here, and prepares for it. */
void stunnel_remote_prepare(spank_t spank);

/* In a task's own process, as the user, before its exec. Returns 0 or -1. */
int stunnel_remote_task(spank_t spank, int argc, char **argv);

/* A task of this node ended; the last one ends the tunnel. */
void stunnel_remote_task_exit(void);

/* The step ends. */
void stunnel_remote_end(void);

#endif
