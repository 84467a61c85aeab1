/* SPDX-License-Identifier: Apache-2.0 */
/* query: questions to slurmctld, which may not answer: asked in a thread, and given up in time. */
#ifndef STUNNEL_QUERY_H
#define STUNNEL_QUERY_H

#include "job.h"

/*
 * Asks about the job, and may note in it what it learns. Returns an allocated
 * text; NULL: Slurm has nothing to say.
 */
typedef char *stunnel_question(struct stunnel_job *job);

/*
 * Asks, for 2 s at most. Returns 0 with the answer, which may be NULL, or -1
 * with the reason in `error`. A question that is given up goes on by itself.
 */
int stunnel_query(struct stunnel_job *job, stunnel_question *question, char **answer,
		  char error[static STUNNEL_ERROR_MAX]);

/* Starts a detached thread that takes no signal of srun's. Returns 0 or -1. */
int stunnel_thread_start(void *(*run)(void *), void *argument);

#endif
