/* SPDX-License-Identifier: Apache-2.0 */
#include "remote.h"

#include "descriptors.h"
#include "environment.h"
#include "gate.h"
#include "job.h"
#include "launch.h"
#include "lifeline.h"
#include "lock.h"
#include "log.h"
#include "message.h"
#include "option.h"
#include "variables.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Longest value of a variable or host name that is copied out of the job's environment. */
enum { SHORT_MAX = 4096 };

static char prefix[PATH_MAX];
static struct stunnel_job job;
static char origin[16];
static bool opens;	/* this step opens the job's tunnel on this node */
static bool tidies;	/* tunnels can have had their keepers killed with this step */
static uint32_t running; /* tasks of this node that have not ended */
static struct stunnel_lifeline lifeline = STUNNEL_NO_LIFELINE;
static struct stunnel_gate gate = STUNNEL_NO_GATE;

/* The batch step of 22.05 gets no option under --export=NONE, but its environment has it. */
static void take_inherited_option(spank_t spank)
{
	char *value;

	if (stunnel_option_value() || !stunnel_job_is_batch(&job))
		return;
	value = stunnel_job_getenv(spank, STUNNEL_INHERITED, STUNNEL_SPEC_MAX);
	if (value)
		stunnel_option_set(value);
	free(value);
}

/* Who opens: the table of docs/architecture.md. */
static bool opens_here(void)
{
	if (strcmp(origin, "sbatch") == 0)
		return stunnel_job_is_batch(&job);
	if (strcmp(origin, "salloc") == 0)
		return !stunnel_job_is_batch(&job) && job.node == 0;
	return false;
}

/*
 * An srun in a job's script is killed with all of the batch step, its keeper
 * too. Its own step's slurmstepd is the one that lives to see it, if it is here.
 */
static bool belongs_to_srun_here(spank_t spank)
{
	char here[HOST_NAME_MAX + 1] = "";
	char *host = stunnel_job_getenv(spank, STUNNEL_HOST, HOST_NAME_MAX);
	bool same = strcmp(origin, "srun") == 0 && host &&
		    gethostname(here, sizeof(here)) == 0 &&
		    strncmp(host, here, sizeof(here)) == 0;

	free(host);
	return same;
}

void stunnel_remote_prepare(spank_t spank)
{
	char error[STUNNEL_ERROR_MAX];
	char *text;

	if (lifeline.owner >= 0 || stunnel_job_remote(spank, &job) != 0)
		return;
	take_inherited_option(spank);
	if (!stunnel_option_value())
		return;
	text = stunnel_job_getenv(spank, STUNNEL_ORIGIN, sizeof(origin) - 1);
	if (text)
		(void)snprintf(origin, sizeof(origin), "%s", text);
	free(text);
	running = job.local_tasks;
	opens = opens_here();
	tidies = opens || belongs_to_srun_here(spank);
	/* What fails here, the task that opens will say: a root hook must not fail. */
	if (!tidies || stunnel_launch_prefix(prefix, sizeof(prefix), error) != 0 || !opens)
		return;
	if (stunnel_lifeline_open(&lifeline) == 0 && job.local_tasks > 1)
		(void)stunnel_gate_make(&gate);
}

static char *get_variable(void *spank, const char *name)
{
	return stunnel_job_getenv(spank, name, SHORT_MAX);
}

/* The user in every respect, or not at all. */
static bool is_user(void)
{
	uid_t real, effective, saved;

	return getresuid(&real, &effective, &saved) == 0 && real == job.user.uid &&
	       effective == job.user.uid && saved == job.user.uid;
}

static void add_facts(struct stunnel_record *record, const char *target, const char *key)
{
	stunnel_record_add_number(record, "job", job.id);
	if (stunnel_job_is_batch(&job))
		stunnel_record_add(record, "step", "batch");
	else if (stunnel_job_is_interactive(&job))
		stunnel_record_add(record, "step", "interactive");
	else
		stunnel_record_add_number(record, "step", job.step);
	stunnel_record_add(record, "target", target);
	if (key)
		stunnel_record_add(record, "lock", key);
	stunnel_record_end(record);
}

/*
 * A listener at the other end that another step of this job may have: the step
 * starts without it, and its keeper takes it once it is free. True: so it is.
 */
static bool persists(const struct stunnel_keeper *keeper, const struct stunnel_record *answer)
{
	struct stunnel_record request = { 0 };
	char error[STUNNEL_ERROR_MAX];
	int result;

	if (!stunnel_record_get(answer, "contested") || stunnel_job_is_batch(&job) ||
	    !stunnel_job_has_other_step(&job))
		return false;
	stunnel_record_add(&request, "request", "persist");
	stunnel_record_end(&request);
	result = stunnel_keeper_send(keeper, &request, NULL, error);
	stunnel_record_free(&request);
	if (result == 0)
		stunnel_log_error("the tunnel's port or socket is taken, it seems by another step of "
				  "job %u: this step starts, and opens its own when that is free\n",
				  job.id);
	return result == 0;
}

/* Says what the tunnel came to. Returns 0 or -1, as the task shall. */
static int report(spank_t spank, const struct stunnel_record *answer)
{
	char *quiet;

	if (stunnel_answer_is(answer, "shared"))
		return 0;
	stunnel_log_text(stunnel_record_get(answer, "text"));
	if (!stunnel_answer_is(answer, "ready"))
		return stunnel_answer_result(answer);
	quiet = get_variable(spank, STUNNEL_QUIET);
	if (!quiet)
		stunnel_log_text(stunnel_record_get(answer, "news"));
	free(quiet);
	stunnel_environment_give(spank, answer);
	return 0;
}

/* Opens the tunnel from the first task of the step. Returns 0 or -1, and the answer. */
static int open_tunnel(spank_t spank, int argc, char **argv, struct stunnel_record *answer)
{
	struct stunnel_request request = { .context = "remote",
					   .origin = origin,
					   .prefix = prefix,
					   .spec = stunnel_option_value(),
					   .uid = job.user.uid,
					   .argc = argc,
					   .argv = argv };
	struct stunnel_keeper keeper = STUNNEL_NO_KEEPER;
	struct stunnel_record record = { 0 };
	char error[STUNNEL_ERROR_MAX] = "";
	char *target = NULL, *key = NULL;
	int result = -1;

	/* The steps of one salloc share one tunnel; a batch step is alone. */
	if (!stunnel_job_is_batch(&job))
		key = get_variable(spank, STUNNEL_LOCK_KEY);
	if (!is_user()) {
		(void)snprintf(error, sizeof(error), "the task does not run as the job's user");
	} else if (!prefix[0]) {
		(void)stunnel_launch_prefix(prefix, sizeof(prefix), error);
	} else if (lifeline.keeper < 0 || (job.local_tasks > 1 && gate.out < 0)) {
		(void)snprintf(error, sizeof(error), "slurmstepd has no descriptor left");
	} else if (!(target = get_variable(spank, "SLURM_SUBMIT_HOST"))) {
		(void)snprintf(error, sizeof(error),
			       "SLURM_SUBMIT_HOST in the job's environment is missing or too long");
	} else if (!stunnel_job_is_batch(&job) && (!key || !stunnel_lock_is_key(key))) {
		(void)snprintf(error, sizeof(error),
			       "%s in the job's environment is not what salloc set it to: leave it "
			       "alone, or start a new salloc",
			       STUNNEL_LOCK_KEY);
	} else if (stunnel_keeper_start(&keeper, prefix, STUNNEL_ORPHAN, NULL, get_variable, spank,
					error) == 0) {
		stunnel_request_begin(&record, "open", &request);
		add_facts(&record, target, key);
		/* While the task runs, this is where its user looks. */
		if (fcntl(STDERR_FILENO, F_GETFD) >= 0)
			lifeline.voice = STDERR_FILENO;
		result = stunnel_keeper_send(&keeper, &record, &lifeline, error);
		if (result >= 0)
			result = stunnel_keeper_receive(&keeper, answer, error);
	}
	if (result == 0)
		result = persists(&keeper, answer) ? 0 : report(spank, answer);
	else
		stunnel_log_error("error: the tunnel cannot be opened: %s\n", error);
	stunnel_keeper_hang_up(&keeper);
	stunnel_record_free(&record);
	free(target);
	free(key);
	return result;
}

static int wait_for_first_task(spank_t spank)
{
	struct stunnel_record answer = { 0 };
	int result = stunnel_gate_wait(&gate, &answer);

	if (result == 0 && stunnel_record_message(&answer) > 0)
		stunnel_environment_give(spank, &answer);
	if (result == -2)
		stunnel_log_error("error: the first task of this node did not open the tunnel\n");
	stunnel_record_free(&answer);
	return result == 0 ? 0 : -1;
}

int stunnel_remote_task(spank_t spank, int argc, char **argv)
{
	static bool done;
	struct stunnel_record answer = { 0 };
	int task = -1;
	int result;

	if (stunnel_option_too_long()) {
		/* No client lets one pass: somebody handed it to Slurm directly. */
		stunnel_option_tell_too_long();
		return -1;
	}
	if (!stunnel_option_value() || done)
		return 0;
	done = true; /* listed twice in plugstack.conf */
	stunnel_variables_unpack(spank);
	if (!opens || stunnel_job_is_further_component(spank, &job))
		return 0;
	/* The tunnel ends with slurmstepd, not with whatever this task leaves behind. */
	stunnel_close(&lifeline.owner);
	if (spank_get_item(spank, S_TASK_ID, &task) != ESPANK_SUCCESS) {
		stunnel_log_error("error: the tunnel cannot be opened: Slurm does not tell the "
				  "task's number\n");
		return -1;
	}
	if (task != 0)
		return wait_for_first_task(spank);
	result = open_tunnel(spank, argc, argv, &answer);
	if (job.local_tasks > 1)
		stunnel_gate_open(&gate, job.local_tasks - 1, &answer, result);
	stunnel_record_free(&answer);
	return result;
}

static void end_tunnel(void)
{
	if (!opens)
		return;
	stunnel_gate_close(&gate);
	stunnel_lifeline_end(&lifeline, prefix, &job.user);
}

void stunnel_remote_task_exit(void)
{
	/* Every task has its own copy by now. */
	stunnel_gate_shut(&gate);
	if (running > 0 && --running > 0)
		return;
	end_tunnel();
}

void stunnel_remote_end(void)
{
	end_tunnel();
	/* By now Slurm has killed all processes of this step. */
	if (tidies && prefix[0])
		stunnel_lifeline_tidy(opens ? 0 : job.id, job.step, prefix, &job.user);
	tidies = false;
}
