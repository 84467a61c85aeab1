/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <slurm/slurm.h>
#include <slurm/slurm_errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#if SLURM_VERSION_NUMBER < SLURM_VERSION_NUM(21, 8, 0)
#error "slurm-spank-stunnel needs Slurm 21.08 or newer"
#endif

#if SLURM_VERSION_NUMBER >= SLURM_VERSION_NUM(25, 5, 0)
/* A plugin that cannot start must cost the job, never the node. */
int slurm_spank_init_failure_mode = ESPANK_JOB_FAILURE;
#endif

enum { QUERY_SECONDS = 2 };

/* Slurm's own bound of a heterogeneous job: MAX_HET_JOB_COMPS in slurm_protocol_defs.h. */
enum { COMPONENTS_MAX = 128 };

int stunnel_job_local(spank_t spank, struct stunnel_job *job)
{
	*job = (struct stunnel_job){ .user = { .uid = getuid(), .gid = getgid() } };
	if (spank_get_item(spank, S_JOB_ID, &job->id) != ESPANK_SUCCESS ||
	    spank_get_item(spank, S_JOB_STEPID, &job->step) != ESPANK_SUCCESS)
		return -1;
	return 0;
}

int stunnel_job_remote(spank_t spank, struct stunnel_job *job)
{
	*job = (struct stunnel_job){ 0 };
	if (spank_get_item(spank, S_JOB_UID, &job->user.uid) != ESPANK_SUCCESS ||
	    spank_get_item(spank, S_JOB_GID, &job->user.gid) != ESPANK_SUCCESS ||
	    spank_get_item(spank, S_JOB_ID, &job->id) != ESPANK_SUCCESS ||
	    spank_get_item(spank, S_JOB_STEPID, &job->step) != ESPANK_SUCCESS ||
	    spank_get_item(spank, S_JOB_NODEID, &job->node) != ESPANK_SUCCESS ||
	    spank_get_item(spank, S_JOB_LOCAL_TASK_COUNT, &job->local_tasks) != ESPANK_SUCCESS)
		return -1;
	return 0;
}

bool stunnel_job_is_batch(const struct stunnel_job *job)
{
	return job->step == SLURM_BATCH_SCRIPT;
}

bool stunnel_job_is_interactive(const struct stunnel_job *job)
{
	return job->step == SLURM_INTERACTIVE_STEP;
}

/* One question to slurmctld, shared by the thread that asks and the one that waits. */
struct query {
	pthread_mutex_t mutex;
	pthread_cond_t answered;
	slurm_step_id_t step;
	char *nodes;
	bool done;
	bool abandoned;
};

static void free_query(struct query *query)
{
	(void)pthread_cond_destroy(&query->answered);
	(void)pthread_mutex_destroy(&query->mutex);
	free(query->nodes);
	free(query);
}

/* POSIX, not ISO C, lets what dlsym() returns be a function: dlsym(3), Examples. */
static void find(void **function, const char *name)
{
	*function = dlsym(RTLD_DEFAULT, name);
}

typedef slurm_step_layout_t *get_layout(slurm_step_id_t *step);
typedef void free_layout(slurm_step_layout_t *layout);

/* A number that srun itself put into its environment; 0: none. */
static uint32_t srun_number(const char *name)
{
	const char *value = getenv(name);

	return value ? (uint32_t)strtoul(value, NULL, 10) : 0;
}

/*
 * A heterogeneous srun calls the hook for any one of its components. The jobs
 * of the components are numbered on from the first one's; that this srun has
 * more than the one of `layout` shows in the count of all its nodes.
 */
static slurm_step_layout_t *first_component(get_layout *get, const slurm_step_id_t *step,
					    const slurm_step_layout_t *layout)
{
	uint32_t first = srun_number("SLURM_JOB_ID_HET_GROUP_0");
	slurm_step_layout_t *component = NULL;

	if (first == 0)
		first = srun_number("SLURM_JOB_ID_PACK_GROUP_0");
	/* What an enclosing job left in the environment can be any number of jobs ago. */
	if (first == 0 || first > step->job_id || step->job_id - first >= COMPONENTS_MAX ||
	    srun_number("SLURM_NNODES") <= layout->node_cnt)
		return NULL;
	for (slurm_step_id_t other = *step; !component && first < step->job_id; first++) {
		other.job_id = first;
		component = get(&other);
	}
	return component;
}

/* The node list of a layout, in an allocated string; releases the layout. */
static char *take_nodes(slurm_step_layout_t *layout, free_layout *release)
{
	char *nodes = layout && layout->node_list ? strdup(layout->node_list) : NULL;

	if (layout && release)
		release(layout);
	return nodes;
}

static void *ask(void *argument)
{
	struct query *query = argument;
	get_layout *get = NULL;
	free_layout *release = NULL;
	slurm_step_layout_t *layout, *first;
	char *nodes;
	bool abandoned;

	/* srun has both; nothing is linked for them. */
	find((void **)&get, "slurm_job_step_layout_get");
	find((void **)&release, "slurm_job_step_layout_free");
	layout = get ? get(&query->step) : NULL;
	first = layout ? first_component(get, &query->step, layout) : NULL;
	nodes = take_nodes(layout, release);
	if (first) {
		free(nodes);
		nodes = take_nodes(first, release);
	}
	(void)pthread_mutex_lock(&query->mutex);
	query->nodes = nodes;
	query->done = true;
	abandoned = query->abandoned;
	(void)pthread_cond_signal(&query->answered);
	(void)pthread_mutex_unlock(&query->mutex);
	if (abandoned)
		free_query(query);
	return NULL;
}

/* srun's signal handling stays where it is: the new thread takes none. */
static int start_asking(struct query *query)
{
	pthread_t thread;
	sigset_t all, before;
	int number;

	if (sigfillset(&all) != 0 || pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
		return -1;
	number = pthread_create(&thread, NULL, ask, query);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (number != 0)
		return -1;
	return pthread_detach(thread) == 0 ? 0 : -1;
}

char *stunnel_job_step_nodes(const struct stunnel_job *job, char error[static STUNNEL_ERROR_MAX])
{
	struct query *query = calloc(1, sizeof(*query));
	pthread_condattr_t monotonic;
	struct timespec end = { 0 };
	char *nodes = NULL;
	bool done;

	if (!query || pthread_condattr_init(&monotonic) != 0 ||
	    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) != 0 ||
	    pthread_cond_init(&query->answered, &monotonic) != 0 ||
	    pthread_mutex_init(&query->mutex, NULL) != 0 ||
	    clock_gettime(CLOCK_MONOTONIC, &end) != 0) {
		(void)snprintf(error, STUNNEL_ERROR_MAX, "cannot ask for the nodes of the step: %s",
			       strerror(errno));
		free(query);
		return NULL;
	}
	(void)pthread_condattr_destroy(&monotonic);
	end.tv_sec += QUERY_SECONDS;
	query->step = (slurm_step_id_t){ .job_id = job->id,
					 .step_het_comp = NO_VAL,
					 .step_id = job->step };
	if (start_asking(query) != 0) {
		(void)snprintf(error, STUNNEL_ERROR_MAX, "cannot start a thread to ask for the nodes");
		free_query(query);
		return NULL;
	}
	(void)pthread_mutex_lock(&query->mutex);
	while (!query->done && pthread_cond_timedwait(&query->answered, &query->mutex, &end) == 0)
		;
	done = query->done;
	if (done) {
		nodes = query->nodes;
		query->nodes = NULL;
		if (!nodes)
			(void)snprintf(error, STUNNEL_ERROR_MAX, "Slurm does not tell the nodes of step %u.%u",
				       job->id, job->step);
	} else {
		query->abandoned = true;
		(void)snprintf(error, STUNNEL_ERROR_MAX,
			       "slurmctld did not tell the nodes of step %u.%u within %d s", job->id,
			       job->step, QUERY_SECONDS);
	}
	(void)pthread_mutex_unlock(&query->mutex);
	if (done)
		free_query(query);
	return nodes;
}

char *stunnel_job_getenv(spank_t spank, const char *name, size_t limit)
{
	char *value = malloc(limit + 1);

	if (value && spank_getenv(spank, name, value, (int)limit + 1) != ESPANK_SUCCESS) {
		free(value);
		value = NULL;
	}
	return value;
}

bool stunnel_job_quiet(void)
{
	enum { LOG_LEVEL_INFO = 3 }; /* src/common/log.h; 22.05 to 25.11 */
	int (*level)(void) = NULL;

	find((void **)&level, "slurm_get_log_level");
	return level && level() < LOG_LEVEL_INFO;
}
