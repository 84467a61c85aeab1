/* SPDX-License-Identifier: Apache-2.0 */
/*
 * job: the facts that Slurm knows of the job. Every #if on Slurm's version, and
 * every symbol of Slurm beyond spank.h, is in job.c.
 */
#ifndef STUNNEL_JOB_H
#define STUNNEL_JOB_H

#include "launch.h"

#include <slurm/spank.h>
#include <stdbool.h>
#include <stdint.h>

/* Where a step stands in its job. */
struct stunnel_job {
	uint32_t id;
	uint32_t step;
	uint32_t node;	      /* this node's number in the step, from 0 */
	uint32_t local_tasks; /* on this node */
	bool heterogeneous;   /* one of several components; stunnel_job_step_nodes() tells */
	struct stunnel_user user;
};

/* Asks Slurm, in slurmstepd. Returns 0 or -1. */
int stunnel_job_remote(spank_t spank, struct stunnel_job *job);

/* Asks Slurm, in srun's local_user_init. Returns 0 or -1. */
int stunnel_job_local(spank_t spank, struct stunnel_job *job);

/* In srun's init_post_opt: notes what stunnel_job_step_nodes() may believe later. */
void stunnel_job_begin(void);

/* The steps that sbatch starts itself, and salloc with use_interactive_step. */
bool stunnel_job_is_batch(const struct stunnel_job *job);
bool stunnel_job_is_interactive(const struct stunnel_job *job);

/*
 * The nodes of srun's step as a hostlist expression, in an allocated string. One
 * query of slurmctld, given up after 2 s, unless srun has a job of its own on
 * one node. NULL with the reason in `error`.
 */
char *stunnel_job_step_nodes(struct stunnel_job *job, char error[static STUNNEL_ERROR_MAX]);

/*
 * True when another step of the job runs tasks. One query of slurmctld, given
 * up after 2 s.
 */
bool stunnel_job_has_other_step(struct stunnel_job *job);

/*
 * A variable of the job's environment, in an allocated string. NULL: not set,
 * longer than `limit`, or no memory.
 */
char *stunnel_job_getenv(spank_t spank, const char *name, size_t limit);

/*
 * Whether a task is of a component of a heterogeneous step that is not the first: each has
 * a first node for SPANK. Slurm counts the nodes of all in what it tells a task, no earlier.
 */
bool stunnel_job_is_further_component(spank_t spank, const struct stunnel_job *job);

/* The command runs with --quiet. */
bool stunnel_job_quiet(void);

#endif
