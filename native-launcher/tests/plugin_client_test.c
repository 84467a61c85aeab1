/* SPDX-License-Identifier: Apache-2.0 */
/* The plugin in srun, sbatch and salloc. */
#include "../src/lock.h"
#include "installation.h"
#include "plugged.h"
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

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
	static const char name[] = "SLURM_SPANK__SLURM_SPANK_OPTION_stunnel_tunnel";

	CHECK(setenv(name, "8001", 1) == 0);
	begin_client("srun", "take\nsay answer=refused|text=error\n");
	CHECK(slurm_give_option(getenv(name)) == 0);
	/* Once for each component of a heterogeneous srun. */
	CHECK(slurm_give_option(getenv(name)) == 0);
	CHECK(slurm_call("init_post_opt") == 0 && slurm_call("local_user_init") == 0);
	CHECK(!installation_has("starts"));
	/* But one typed besides is. */
	CHECK(slurm_give_option("8002") == 0);
	CHECK(slurm_give_option(getenv(name)) == 0);
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
};

TAP_MAIN(cases)
