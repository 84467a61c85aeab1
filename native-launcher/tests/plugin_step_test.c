/* SPDX-License-Identifier: Apache-2.0 */
/* The plugin in slurmstepd and its tasks. */
#include "installation.h"
#include "plugged.h"
#include "tap.h"

#include <signal.h>
#include <slurm/slurm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TASKS = 3 };

static char *job_environment[] = { (char *)"SLURM_STUNNEL_ORIGIN=sbatch",
				   (char *)"SLURM_SUBMIT_HOST=login",
				   (char *)"STUNNEL_COUNT=1", (char *)"STUNNEL_0_LISTEN=1",
				   (char *)"SLURM_STUNNEL_0_TARGET=localhost:8000", NULL };
/* Cases run side by side, and none has this key but this one. */
static char lock_variable[64];
static char *salloc_environment[] = { (char *)"SLURM_STUNNEL_ORIGIN=salloc",
				      lock_variable,
				      (char *)"SLURM_SUBMIT_HOST=login", NULL };

static void begin_batch(const char *script)
{
	begin(S_CTX_REMOTE, script);
	slurm_process.step = SLURM_BATCH_SCRIPT;
	slurm_process.environment = job_environment;
	CHECK(slurm_give_option("R8001:8000") == 0);
	CHECK(slurm_call("init_post_opt") == 0);
}

static void begin_salloc(const char *script, uint32_t other_step, uint32_t tasks)
{
	begin(S_CTX_REMOTE, script);
	(void)snprintf(lock_variable, sizeof(lock_variable), "SLURM_STUNNEL_LOCK=97%030lx",
		       (long)getpid());
	slurm_process.environment = salloc_environment;
	slurm_process.other_step = other_step;
	slurm_process.local_tasks = tasks;
	CHECK(slurm_give_option("R8001:8000") == 0 && slurm_call("init_post_opt") == 0);
}

/* A task's process; its exit status is 0 when its hook, and then the check, say so. */
static pid_t start_task(int task, bool (*check)(void))
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		slurm_process.task = task;
		_exit(slurm_call("task_init") != 0 ? 1 : check && !check() ? 2 : 0);
	}
	return pid;
}

static int status_of(pid_t pid)
{
	int status = -1;

	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status);
}

static bool is_job_variable(const char *name, const char *value)
{
	const char *found = slurm_job_variable(name);

	return found && strcmp(found, value) == 0;
}

static bool has_variables(void)
{
	return is_job_variable("STUNNEL_COUNT", "1") &&
	       is_job_variable("STUNNEL_0_LISTEN", "8001") &&
	       is_job_variable("SLURM_STUNNEL_0_LISTEN", "8001") &&
	       !slurm_job_variable("STUNNEL_ORIGIN") && !slurm_job_variable("STUNNEL_LOCK");
}

/* Also one that came with the job, under a name that --export=NONE lets through. */
static bool has_more_variables(void)
{
	/* Not those again that were there: one came under its plain name, too. */
	return has_variables() && is_job_variable("STUNNEL_0_TARGET", "localhost:8000") &&
	       slurm_process.settings == 4;
}

/* Leaves a process that has all that the task had, and tells its number. */
static bool leaves_a_process(void)
{
	pid_t pid = fork();
	char number[16];

	if (pid == 0) {
		for (;;)
			(void)pause();
	}
	(void)snprintf(number, sizeof(number), "%ld", (long)pid);
	installation_write("left", number);
	return true;
}

static void a_batch_step_opens_a_tunnel_and_ends_it(void)
{
	begin_batch(OPENING READY "eof\n");
	CHECK(status_of(start_task(0, has_more_variables)) == 0);
	CHECK(installation_count("requests", "step=batch") == 1);
	CHECK(installation_count("requests", "target=login") == 1);
	CHECK(!strstr(installation_read("requests"), "lock="));
	CHECK(installation_has("control"));
	CHECK(slurm_call("task_exit") == 0);
	CHECK(!installation_has("control"));
	CHECK(slurm_call("exit") == 0);
}

static void all_tasks_of_a_node_wait_for_the_tunnel(void)
{
	pid_t tasks[TASKS];

	begin_salloc(OPENING "await go\n" READY "eof\n", 0, TASKS);
	for (int task = TASKS - 1; task >= 0; task--)
		tasks[task] = start_task(task, has_variables);
	EVENTUALLY(installation_has("control"));
	CHECK(waitpid(-1, NULL, WNOHANG) == 0);
	installation_write("go", "");
	for (int task = 0; task < TASKS; task++)
		CHECK(status_of(tasks[task]) == 0);
	CHECK(installation_count("requests", "request=open") == 1);
	CHECK(installation_count("requests", "step=0") == 1);
	/* Without SLURM_STUNNEL_LOCK= */
	CHECK(strstr(installation_read("requests"), lock_variable + 19) != NULL);
	for (int task = 0; task < TASKS; task++) {
		CHECK(installation_has("control"));
		CHECK(slurm_call("task_exit") == 0);
	}
	CHECK(!installation_has("control"));
	CHECK(slurm_call("exit") == 0);
}

static void all_tasks_fail_when_the_first_one_never_comes(void)
{
	pid_t tasks[TASKS];

	begin_salloc("hang\n", 0, TASKS);
	/* Task 0 fails in another plugin. */
	for (int task = 1; task < TASKS; task++)
		tasks[task] = start_task(task, NULL);
	CHECK(slurm_call("task_exit") == 0);
	for (int task = 1; task < TASKS; task++)
		CHECK(status_of(tasks[task]) == 1);
	CHECK(slurm_call("exit") == 0);
	CHECK(!installation_has("starts"));
}

static void a_task_fails_without_its_tunnel(void)
{
	begin_batch("take\n" FAILED "require\neof\n");
	CHECK(status_of(start_task(0, NULL)) == 1);
	CHECK(slurm_call("exit") == 0);
}

/* Slurm calls the hook as the user; what did not become that starts nothing. */
static void a_task_that_is_not_its_jobs_user_fails(void)
{
	begin(S_CTX_REMOTE, "hang\n");
	slurm_process.step = SLURM_BATCH_SCRIPT;
	slurm_process.environment = job_environment;
	slurm_process.other_user = getuid() + 1;
	CHECK(slurm_give_option("R8001:8000") == 0 && slurm_call("init_post_opt") == 0);
	CHECK(status_of(start_task(0, NULL)) == 1);
	CHECK(slurm_call("exit") == 0 && !installation_has("starts"));
}

static void a_task_fails_with_a_value_that_is_too_long(void)
{
	static char value[SPEC_MAX + 2];

	memset(value, '1', SPEC_MAX + 1);
	begin(S_CTX_REMOTE, "hang\n");
	CHECK(slurm_give_option(value) == 0 && slurm_call("init_post_opt") == 0);
	CHECK(status_of(start_task(0, NULL)) == 1);
	CHECK(slurm_call("task_exit") == 0 && slurm_call("exit") == 0);
	CHECK(!installation_has("starts"));
}

static void a_task_goes_on_without_it_where_the_settings_say_so(void)
{
	begin_batch("take\n" FAILED "warn\neof\n");
	CHECK(status_of(start_task(0, NULL)) == 0);
	CHECK(slurm_call("task_exit") == 0 && slurm_call("exit") == 0);
}

static void a_step_waits_for_the_port_of_another_one(void)
{
	begin_salloc(OPENING FAILED "require|contested=yes\neof\n", 1, 1);
	installation_script(2, OPENING READY "eof\n");
	CHECK(status_of(start_task(0, NULL)) == 0);
	EVENTUALLY(installation_count("commands", "forward") == 1);
	CHECK(slurm_call("task_exit") == 0 && slurm_call("exit") == 0);
	CHECK(!installation_has("control"));
}

static void a_step_that_is_alone_waits_for_no_port(void)
{
	begin_salloc(OPENING FAILED "require|contested=yes\neof\n", 0, 1);
	CHECK(status_of(start_task(0, NULL)) == 1);
	CHECK(slurm_call("task_exit") == 0 && slurm_call("exit") == 0);
	CHECK(installation_count("starts", "java           ") == 1);
}

static void the_end_of_slurmstepd_ends_the_tunnel(void)
{
	pid_t pid;

	pid = fork();
	if (pid == 0) {
		begin_batch(OPENING READY "eof\n");
		CHECK(status_of(start_task(0, leaves_a_process)) == 0);
		installation_write("up", "");
		for (;;)
			(void)pause();
	}
	EVENTUALLY(installation_has("up"));
	CHECK(installation_has("control"));
	CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
	EVENTUALLY(!installation_has("control"));
	CHECK(kill((pid_t)strtol(installation_read("left"), NULL, 10), SIGKILL) == 0);
}

/* Who typed it decides who opens; a forged or missing origin opens nothing. */
static void other_steps_open_nothing(void)
{
	static char *none[] = { (char *)"SLURM_SUBMIT_HOST=login", NULL };
	static char *srun[] = { (char *)"SLURM_STUNNEL_ORIGIN=srun",
				(char *)"SLURM_SUBMIT_HOST=login", NULL };
	static char *forged[] = { (char *)"SLURM_STUNNEL_ORIGIN=sbatchsbatchsbatchsbatch",
				  (char *)"SLURM_SUBMIT_HOST=login", NULL };
	char **environments[] = { none, srun, forged, job_environment, salloc_environment };
	int descriptors;

	begin(S_CTX_REMOTE, "hang\n");
	CHECK(slurm_give_option("R8001:8000") == 0);
	descriptors = tap_descriptors("self");
	slurm_process.node = 1;
	for (size_t i = 0; i < sizeof(environments) / sizeof(environments[0]); i++) {
		slurm_process.environment = environments[i];
		CHECK(slurm_call("init_post_opt") == 0);
		CHECK(status_of(start_task(0, NULL)) == 0);
		CHECK(slurm_call("task_exit") == 0 && slurm_call("exit") == 0);
		CHECK(tap_descriptors("self") == descriptors);
	}
	CHECK(!installation_has("starts"));
}

static void a_lock_of_the_users_own_making_is_refused(void)
{
	static const char *const values[] = { "SLURM_STUNNEL_LOCK=x", "SLURM_STUNNEL_LOCK=",
					      "SLURM_STUNNEL_LOCK=../../../../../../../etc/passwd1",
					      ("SLURM_STUNNEL_LOCK=" KEY "0"), ("NO_KEY=" KEY) };
	char *environment[] = { (char *)"SLURM_STUNNEL_ORIGIN=salloc", NULL,
				(char *)"SLURM_SUBMIT_HOST=login", NULL };

	begin(S_CTX_REMOTE, "hang\n");
	slurm_process.environment = environment;
	CHECK(slurm_give_option("R8001:8000") == 0);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		environment[1] = (char *)values[i];
		CHECK(slurm_call("init_post_opt") == 0);
		CHECK(status_of(start_task(0, NULL)) == 1);
		CHECK(slurm_call("task_exit") == 0 && slurm_call("exit") == 0);
	}
	CHECK(!installation_has("starts"));
}

/* The bytes are the user's, and root runs this. */
static void any_bytes_are_only_kept(void)
{
	static char value[2 * SPEC_MAX];
	int descriptors;

	begin(S_CTX_REMOTE, "hang\n");
	descriptors = tap_descriptors("self");
	for (int round = 0; round < 200; round++) {
		size_t size = tap_random(round % 4 == 0 ? sizeof(value) - 1 : 300);

		for (size_t i = 0; i < size; i++)
			value[i] = (char)(tap_random(255) + 1);
		value[size] = '\0';
		CHECK(slurm_give_option(value) == 0);
		CHECK(slurm_call("init_post_opt") == 0);
	}
	CHECK(slurm_give_option(NULL) == 0);
	CHECK(slurm_call("exit") == 0);
	CHECK(is_childless() && tap_descriptors("self") == descriptors);
}

static const struct tap_case cases[] = {
	TAP_CASE(a_batch_step_opens_a_tunnel_and_ends_it),
	TAP_CASE(all_tasks_of_a_node_wait_for_the_tunnel),
	TAP_CASE(all_tasks_fail_when_the_first_one_never_comes),
	TAP_CASE(a_task_fails_without_its_tunnel),
	TAP_CASE(a_task_that_is_not_its_jobs_user_fails),
	TAP_CASE(a_task_fails_with_a_value_that_is_too_long),
	TAP_CASE(a_task_goes_on_without_it_where_the_settings_say_so),
	TAP_CASE(a_step_waits_for_the_port_of_another_one),
	TAP_CASE(a_step_that_is_alone_waits_for_no_port),
	TAP_CASE(the_end_of_slurmstepd_ends_the_tunnel),
	TAP_CASE(other_steps_open_nothing),
	TAP_CASE(a_lock_of_the_users_own_making_is_refused),
	TAP_CASE(any_bytes_are_only_kept),
};

TAP_MAIN(cases)
