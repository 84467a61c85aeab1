/* SPDX-License-Identifier: Apache-2.0 */
/* The plugin and the keeper as built, in a Slurm that slurm.c acts, with the peer as runtime. */
#include "../src/lock.h"
#include "installation.h"
#include "slurm.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <slurm/slurm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OK "take\nsay answer=ok|env=STUNNEL_COUNT=1\n"
#define OPENING \
	"take\nmkdir %s/control\n" \
	"say answer=opening|dir=%s/control|stop=%s/libexec/java|stop=stop\n"
#define READY \
	"run start\nrun forward\n" \
	"say answer=ready|text=a warning|news=it is up|env=STUNNEL_COUNT=1|env=STUNNEL_0_LISTEN=8001|" \
	"start=%s/libexec/java|start=start|forward=%s/libexec/java|forward=forward\n"
#define FAILED "say answer=failed|text=it is not up|policy="

#define KEY "0123456789abcdef0123456789abcdef"

enum { SPEC_MAX = 65536, TASKS = 3 };

static char *no_environment[] = { NULL };

static void begin(spank_context_t context, const char *script)
{
	installation_make(STUNNEL_KEEPER);
	installation_script(0, script);
	installation_copy(STUNNEL_PLUGIN, "lib/slurm-spank-stunnel.so");
	slurm_process = (struct slurm_process){ .context = context,
						.job = 4000000000U - (uint32_t)getpid(),
						.local_tasks = 1,
						.nodes = "cn[1-2]",
						.environment = no_environment };
	slurm_load_plugin(installation_path("lib/slurm-spank-stunnel.so"));
	CHECK(slurm_call("init") == 0);
}

static bool is_childless(void)
{
	return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD;
}

/* --- a client ------------------------------------------------------------------ */

static void begin_client(const char *command, const char *script)
{
	program_invocation_short_name = (char *)command;
	begin(strcmp(command, "srun") == 0 ? S_CTX_LOCAL : S_CTX_ALLOCATOR, script);
}

/* The value is judged in a process of its own: a bad one ends it. Returns its exit status. */
static int status_of_check(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		(void)slurm_call("init_post_opt");
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status);
}

static bool is_variable(const char *name, const char *value)
{
	const char *found = getenv(name);

	return found && strcmp(found, value) == 0;
}

static void without_the_option_nothing_starts(void)
{
	static const spank_context_t contexts[] = { S_CTX_LOCAL, S_CTX_ALLOCATOR, S_CTX_REMOTE,
						    S_CTX_SLURMD };
	int descriptors;

	begin_client("srun", "hang\n");
	descriptors = tap_descriptors("self");
	for (size_t i = 0; i < sizeof(contexts) / sizeof(contexts[0]); i++) {
		slurm_process.context = contexts[i];
		CHECK(slurm_call("init") == 0 && slurm_call("init_post_opt") == 0);
		CHECK(slurm_call("local_user_init") == 0 && slurm_call("task_init") == 0);
		CHECK(slurm_call("task_exit") == 0 && slurm_call("exit") == 0);
	}
	CHECK(is_childless() && !installation_has("starts"));
	CHECK(tap_descriptors("self") == descriptors);
	CHECK(!getenv("SLURM_STUNNEL_ORIGIN"));
}

static pid_t last_master(void)
{
	long pid = 0;

	for (const char *at = installation_read("masters"); *at; at = strchr(at, '\n') + 1)
		pid = strtol(at, NULL, 10);
	return (pid_t)pid;
}

static void srun_opens_a_tunnel_and_ends_it(void)
{
	int descriptors;

	begin_client("srun", OK OPENING READY "eof\n");
	/* Where this takes longer than a runtime waits, there is a second one. */
	installation_script(2, OPENING READY "eof\n");
	CHECK(slurm_give_option("8001:8000") == 0);
	CHECK(slurm_call("init_post_opt") == 0);
	CHECK(is_variable("SLURM_STUNNEL_ORIGIN", "srun"));
	slurm_process.step = 7;
	descriptors = tap_descriptors("self");
	CHECK(slurm_call("local_user_init") == 0);
	CHECK(installation_count("requests", "request=check") == 1);
	CHECK(installation_count("requests", "request=open") == 1);
	CHECK(installation_count("requests", "spec=8001:8000") == 2);
	CHECK(installation_count("requests", "option=conf=/nowhere") == 2);
	CHECK(installation_count("requests", "nodes=cn[1-2]") == 1);
	CHECK(installation_count("requests", "step=7") == 1);
	CHECK(slurm_process.announcements == 1);
	CHECK(is_variable("STUNNEL_0_LISTEN", "8001"));
	CHECK(is_variable("SLURM_STUNNEL_0_LISTEN", "8001"));
	CHECK(installation_has("control"));
	/* While the job runs, its user is told. */
	CHECK(kill(last_master(), SIGKILL) == 0);
	EVENTUALLY(slurm_process.complaints == 1);
	CHECK(slurm_call("exit") == 0);
	CHECK(!installation_has("control"));
	EVENTUALLY(waitpid(-1, NULL, WNOHANG) > 0);
	CHECK(is_childless());
	/* atexit() and the plugin's own end may both come. */
	CHECK(slurm_call("exit") == 0);
	/* Its channel was there before, and the thread that listens closes it. */
	EVENTUALLY(tap_descriptors("self") == descriptors - 1);
}

static void a_bad_value_ends_the_client(void)
{
	begin_client("srun", "take\nsay answer=refused|text=error: no port\n");
	CHECK(slurm_give_option("x") == 0);
	CHECK(status_of_check() == 1);
}

static void a_verdict_is_laid_out_for_the_terminal(void)
{
	begin_client("srun", "take\nsay answer=refused|text=error: no port\n");
	CHECK(slurm_give_option("x") == 0);
	CHECK(status_of_check() == 1);
	CHECK(installation_count("requests", "columns=72") == 0);
	CHECK(setenv("COLUMNS", "72", 1) == 0);
	CHECK(status_of_check() == 1);
	CHECK(installation_count("requests", "columns=72") == 1);
}

static void a_keeper_that_is_missing_ends_the_client(void)
{
	begin_client("srun", OK);
	CHECK(unlink(installation_path("libexec/stunnel-keeper")) == 0);
	CHECK(slurm_give_option("8001") == 0);
	CHECK(status_of_check() == 1);
}

static void a_value_that_is_too_long_ends_the_client(void)
{
	static char value[SPEC_MAX + 2];

	begin_client("sbatch", OK "eof\n");
	memset(value, '1', SPEC_MAX);
	CHECK(slurm_give_option(value) == 0);
	CHECK(status_of_check() == 0);
	value[SPEC_MAX] = '1';
	CHECK(slurm_give_option(value) == 0);
	CHECK(status_of_check() == 1);
}

/* Half of a request could be a sound one. */
static void a_request_that_has_no_room_ends_the_client(void)
{
	static char option[1100000];

	memset(option, 'x', sizeof(option) - 1);
	begin_client("srun", OK);
	slurm_process.option = option;
	CHECK(slurm_give_option("8001") == 0);
	CHECK(status_of_check() == 1);
	CHECK(!installation_has("requests"));
}

static void an_inherited_value_is_not_judged_again(void)
{
	CHECK(setenv("SLURM_SPANK__SLURM_SPANK_OPTION_stunnel_tunnel", "8001", 1) == 0);
	begin_client("srun", "take\nsay answer=refused|text=error\n");
	CHECK(slurm_give_option("8001") == 0);
	CHECK(slurm_call("init_post_opt") == 0 && slurm_call("local_user_init") == 0);
	CHECK(!installation_has("starts"));
	/* But one typed besides is. */
	CHECK(slurm_give_option("8002") == 0);
	CHECK(status_of_check() == 1);
	CHECK(installation_count("requests", "spec=8002") == 1);
}

static size_t count_of_variable(const char *name)
{
	size_t count = 0;

	for (char **entry = environ; *entry; entry++)
		count += strncmp(*entry, name, strlen(name)) == 0 && (*entry)[strlen(name)] == '=';
	return count;
}

/* There can be thousands of variables: each is looked for without looking at all. */
static void each_variable_of_srun_is_there_once(void)
{
	char script[] = "take\nsay answer=ok|env=STUNNEL_COUNT=2|env=STUNNEL_1_HOST=a|"
			"env=STUNNEL_10_HOST=b|env=STUNNEL_1_TARGET=\n"
			"take\nsay answer=ready|env=STUNNEL_COUNT=2|env=STUNNEL_1_HOST=c|"
			"env=STUNNEL_1_LISTEN=5\neof\n";
	int descriptors;

	CHECK(setenv("STUNNEL_1", "the user's", 1) == 0);
	CHECK(setenv("STUNNEL_1_HOST", "the user's", 1) == 0);
	CHECK(setenv("STUNNEL_1_HOST_", "the user's", 1) == 0);
	begin_client("srun", script);
	descriptors = tap_descriptors("self");
	CHECK(slurm_give_option("8001,8010") == 0 && slurm_call("init_post_opt") == 0);
	CHECK(is_variable("STUNNEL_1_HOST", "a") && is_variable("SLURM_STUNNEL_1_HOST", "a"));
	CHECK(is_variable("STUNNEL_1_TARGET", ""));
	CHECK(slurm_call("local_user_init") == 0);
	CHECK(is_variable("STUNNEL_1_HOST", "c") && is_variable("SLURM_STUNNEL_1_HOST", "c"));
	CHECK(is_variable("STUNNEL_10_HOST", "b") && is_variable("SLURM_STUNNEL_1_LISTEN", "5"));
	CHECK(is_variable("STUNNEL_1", "the user's") && is_variable("STUNNEL_1_HOST_", "the user's"));
	CHECK(setenv("STUNNEL_1_HOST", "d", 1) == 0 && is_variable("STUNNEL_1_HOST", "d"));
	CHECK(count_of_variable("STUNNEL_1_HOST") == 1 && count_of_variable("STUNNEL_COUNT") == 1);
	CHECK(count_of_variable("SLURM_STUNNEL_1_HOST") == 1);
	CHECK(slurm_call("exit") == 0);
	EVENTUALLY(tap_descriptors("self") == descriptors);
}

static void an_allocators_keeper_ends_with_the_verdict(void)
{
	const char *key;

	CHECK(setenv("SLURM_STUNNEL_0_LISTEN", "1", 1) == 0);
	CHECK(setenv("STUNNEL_0_LISTEN", "1", 1) == 0);
	CHECK(setenv("SLURM_STUNNEL_LOCK", KEY, 1) == 0);
	begin_client("salloc", OK "eof\n");
	CHECK(slurm_give_option("8001") == 0);
	CHECK(slurm_call("init_post_opt") == 0);
	CHECK(is_childless());
	CHECK(is_variable("SLURM_STUNNEL_ORIGIN", "salloc") && is_variable("STUNNEL_COUNT", "1"));
	/* Of an enclosing job. */
	CHECK(!getenv("STUNNEL_0_LISTEN") && !getenv("SLURM_STUNNEL_0_LISTEN"));
	key = getenv("SLURM_STUNNEL_LOCK");
	CHECK(key && stunnel_lock_is_key(key) && strcmp(key, KEY) != 0);
}

static void srun_fails_without_its_tunnel(void)
{
	begin_client("srun", OK "take\n" FAILED "require\n" "eof\n");
	CHECK(slurm_give_option("8001") == 0 && slurm_call("init_post_opt") == 0);
	CHECK(slurm_call("local_user_init") == -1);
	CHECK(slurm_call("exit") == 0);
}

static void a_step_without_nodes_fails(void)
{
	begin_client("srun", OK "eof\n");
	slurm_process.nodes = NULL;
	CHECK(slurm_give_option("8001") == 0 && slurm_call("init_post_opt") == 0);
	CHECK(slurm_call("local_user_init") == -1);
	CHECK(slurm_call("exit") == 0);
}

/* --- slurmstepd ------------------------------------------------------------------ */

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
	TAP_CASE(without_the_option_nothing_starts),
	TAP_CASE(srun_opens_a_tunnel_and_ends_it),
	TAP_CASE(each_variable_of_srun_is_there_once),
	TAP_CASE(a_bad_value_ends_the_client),
	TAP_CASE(a_verdict_is_laid_out_for_the_terminal),
	TAP_CASE(a_keeper_that_is_missing_ends_the_client),
	TAP_CASE(a_value_that_is_too_long_ends_the_client),
	TAP_CASE(a_request_that_has_no_room_ends_the_client),
	TAP_CASE(an_inherited_value_is_not_judged_again),
	TAP_CASE(an_allocators_keeper_ends_with_the_verdict),
	TAP_CASE(srun_fails_without_its_tunnel),
	TAP_CASE(a_step_without_nodes_fails),
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
