/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include "query.h"

#include <dlfcn.h>
#include <slurm/slurm.h>
#include <slurm/slurm_errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if SLURM_VERSION_NUMBER < SLURM_VERSION_NUM(21, 8, 0)
#error "slurm-spank-stunnel needs Slurm 21.08 or newer"
#endif

#if SLURM_VERSION_NUMBER >= SLURM_VERSION_NUM(25, 5, 0)
/* A plugin that cannot start must cost the job, never the node. */
int slurm_spank_init_failure_mode = ESPANK_JOB_FAILURE;
#endif

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

/* srun was started outside of any job: what its environment says of one later, it says itself. */
static bool outside;

void stunnel_job_begin(void)
{
	outside = !getenv("SLURM_SUBMIT_HOST") && !getenv("SLURM_NODELIST");
}

/*
 * The node of a step whose job was allocated by this srun and has no other
 * node, in an allocated string. Only for an allocation of its own does srun set
 * SLURM_SUBMIT_HOST, and SLURM_NNODES counts the nodes of all components.
 * NULL: any other step.
 */
static char *only_node(void)
{
	const char *nodes = getenv("SLURM_NODELIST");

	if (!outside || !getenv("SLURM_SUBMIT_HOST") || srun_number("SLURM_NNODES") != 1)
		return NULL;
	return nodes && *nodes && !strpbrk(nodes, "[,") ? strdup(nodes) : NULL;
}

/*
 * The job of the first component of a heterogeneous srun; 0: it is none. The
 * jobs of the components are numbered on from that; that this srun has more than
 * the one of `layout` shows in the count of all its nodes.
 */
static uint32_t first_job(uint32_t job, const slurm_step_layout_t *layout)
{
	uint32_t first = srun_number("SLURM_JOB_ID_HET_GROUP_0");

	if (first == 0)
		first = srun_number("SLURM_JOB_ID_PACK_GROUP_0");
	/* What an enclosing job left in the environment can be any number of jobs ago. */
	if (first > job || job - first >= COMPONENTS_MAX ||
	    srun_number("SLURM_NNODES") <= layout->node_cnt)
		return 0;
	return first;
}

/* A heterogeneous srun calls the hook for any one of its components. */
static slurm_step_layout_t *first_component(get_layout *get, const slurm_step_id_t *step,
					    uint32_t first)
{
	slurm_step_layout_t *component = NULL;

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

static char *ask_for_nodes(struct stunnel_job *job)
{
	slurm_step_id_t step = { .job_id = job->id, .step_het_comp = NO_VAL, .step_id = job->step };
	get_layout *get = NULL;
	free_layout *release = NULL;
	slurm_step_layout_t *layout, *component = NULL;
	uint32_t first;
	char *nodes;

	/* srun has both; nothing is linked for them. */
	find((void **)&get, "slurm_job_step_layout_get");
	find((void **)&release, "slurm_job_step_layout_free");
	layout = get ? get(&step) : NULL;
	first = layout ? first_job(job->id, layout) : 0;
	job->heterogeneous = first != 0;
	if (first != 0)
		component = first_component(get, &step, first);
	nodes = take_nodes(layout, release);
	if (component) {
		free(nodes);
		nodes = take_nodes(component, release);
	}
	return nodes;
}

/* A step that runs tasks of the user's: neither the batch script, nor Slurm's own. */
static bool is_srun_step(uint32_t step)
{
	return step <= SLURM_MAX_NORMAL_STEP_ID || step == SLURM_INTERACTIVE_STEP;
}

static char *ask_for_other_step(struct stunnel_job *job)
{
	__typeof__(slurm_get_job_steps) *get = NULL;
	__typeof__(slurm_free_job_step_info_response_msg) *release = NULL;
	job_step_info_response_msg_t *steps = NULL;
	slurm_step_id_t all = { .job_id = job->id, .step_het_comp = NO_VAL, .step_id = NO_VAL };
	bool found = false;

	find((void **)&get, "slurm_get_job_steps");
	find((void **)&release, "slurm_free_job_step_info_response_msg");
#if SLURM_VERSION_NUMBER >= SLURM_VERSION_NUM(25, 11, 0)
	if (!get || get(&all, &steps, SHOW_ALL) != SLURM_SUCCESS || !steps)
#else
	if (!get || get(0, all.job_id, all.step_id, &steps, SHOW_ALL) != SLURM_SUCCESS || !steps)
#endif
		return NULL;
	for (uint32_t i = 0; i < steps->job_step_count; i++) {
		uint32_t other = steps->job_steps[i].step_id.step_id;

		found |= other != job->step && is_srun_step(other);
	}
	if (release)
		release(steps);
	return found ? strdup("found") : NULL;
}

char *stunnel_job_step_nodes(struct stunnel_job *job, char error[static STUNNEL_ERROR_MAX])
{
	char *nodes = only_node();

	if (nodes)
		return nodes;
	if (stunnel_query(job, ask_for_nodes, &nodes, error) == 0 && !nodes)
		(void)snprintf(error, STUNNEL_ERROR_MAX,
			       "Slurm does not tell the nodes of step %u.%u", job->id, job->step);
	return nodes;
}

bool stunnel_job_has_other_step(struct stunnel_job *job)
{
	char error[STUNNEL_ERROR_MAX];
	char *found = NULL;
	bool other = stunnel_query(job, ask_for_other_step, &found, error) == 0 && found;

	free(found);
	return other;
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

bool stunnel_job_is_further_component(spank_t spank, const struct stunnel_job *job)
{
	char *node = stunnel_job_getenv(spank, "SLURM_NODEID", 16);
	bool further = job->node == 0 && node && strcmp(node, "0") != 0;

	free(node);
	return further;
}

bool stunnel_job_quiet(void)
{
	enum { LOG_LEVEL_INFO = 3 }; /* src/common/log.h; 22.05 to 25.11 */
	int (*level)(void) = NULL;

	find((void **)&level, "slurm_get_log_level");
	return level && level() < LOG_LEVEL_INFO;
}
