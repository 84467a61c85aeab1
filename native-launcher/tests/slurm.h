/* SPDX-License-Identifier: Apache-2.0 */
/* slurm: the part of a Slurm process that the plugin sees, for tests to act. */
#ifndef STUNNEL_TEST_SLURM_H
#define STUNNEL_TEST_SLURM_H

#include <slurm/spank.h>
#include <stdint.h>
#include <sys/types.h>

/* What spank_get_item() and the like answer. */
struct slurm_process {
	spank_context_t context;
	uint32_t job, step, node, local_tasks;
	int task;
	const char *nodes;   /* of the step; NULL: slurmctld does not say */
	char *option;	     /* on the plugin's line; NULL: conf=/nowhere */
	char **environment; /* of the job, in slurmstepd; never NULL */
	uid_t other_user;    /* whose job it is, if not this process's */
	uint32_t other_step; /* runs in the job too, as slurmctld tells; 0: none */
	int announcements;   /* calls of slurm_info() so far */
	int complaints;	     /* calls of slurm_error() so far */
	int settings;	     /* calls of spank_setenv() so far */
};

extern struct slurm_process slurm_process;

/* Loads the plugin from PREFIX/lib of the test's installation. */
void slurm_load_plugin(const char *library);

/* Calls a hook, slurm_spank_NAME. Returns what it returns. */
int slurm_call(const char *name);

/* Hands the plugin a value of its option, as Slurm does for each that was given. */
int slurm_give_option(const char *value);

/* A variable of the job's environment, NULL: not set. */
const char *slurm_job_variable(const char *name);

#endif
