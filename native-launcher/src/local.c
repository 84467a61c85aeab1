/* SPDX-License-Identifier: Apache-2.0 */
#include "local.h"

#include "environment.h"
#include "interrupt.h"
#include "job.h"
#include "launch.h"
#include "lifeline.h"
#include "log.h"
#include "message.h"
#include "option.h"
#include "query.h"
#include "variables.h"
#include "verdict.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char prefix[PATH_MAX];
static struct stunnel_keeper keeper = STUNNEL_NO_KEEPER;
static struct stunnel_lifeline lifeline = STUNNEL_NO_LIFELINE;

static const char *origin_of(spank_context_t context)
{
	if (context == S_CTX_LOCAL)
		return "srun";
	return strcmp(program_invocation_short_name, "salloc") == 0 ? "salloc" : "sbatch";
}

static char *get_variable(void *where, const char *name)
{
	const char *value = getenv(name);

	(void)where;
	return value ? strdup(value) : NULL;
}

/* Sends the request and takes the answer; the record holds that afterwards. */
static int ask(struct stunnel_record *record, struct stunnel_lifeline *line,
	       char error[static STUNNEL_ERROR_MAX])
{
	struct stunnel_record answer = { 0 };
	int result = stunnel_keeper_send(&keeper, record, line, error);

	if (result >= 0)
		result = stunnel_keeper_receive(&keeper, &answer, error);
	stunnel_record_free(record);
	*record = answer;
	return result;
}

/* Says it the way srun says things, and not at all with --quiet. */
static void announce(const char *text)
{
	while (text && *text) {
		size_t length = strcspn(text, "\n");

		slurm_info("%.*s", (int)length, text);
		text += length + (text[length] == '\n');
	}
}

/* Ends this process by the signal, as that would have without us. */
static _Noreturn void die_of(int number)
{
	sigset_t only;

	(void)sigemptyset(&only);
	(void)sigaddset(&only, number);
	(void)signal(number, SIG_DFL);
	(void)pthread_sigmask(SIG_UNBLOCK, &only, NULL);
	(void)raise(number);
	_exit(128 + number);
}

int stunnel_local_check(int argc, char **argv, spank_context_t context)
{
	const char *spec = stunnel_option_typed();
	const char *origin = origin_of(context);
	bool local = context == S_CTX_LOCAL;
	struct stunnel_request request = { .context = local ? "local" : "allocator",
					   .origin = origin,
					   .prefix = prefix,
					   .spec = spec,
					   .uid = getuid(),
					   .argc = argc,
					   .argv = argv };
	struct stunnel_record record = { 0 }, answer = { 0 };
	struct stunnel_interrupt interrupt;
	char error[STUNNEL_ERROR_MAX];
	int result, number;

	if (stunnel_option_too_long()) {
		stunnel_option_tell_too_long();
		exit(EXIT_FAILURE);
	}
	if (!spec) {
		/* A job of its own inherits no tunnel. A step belongs to the job that has one. */
		if (context == S_CTX_ALLOCATOR)
			stunnel_environment_forget();
		return 0;
	}
	if (keeper.channel >= 0)
		return 0; /* listed twice in plugstack.conf */
	stunnel_log_begin();
	if (strcmp(origin, "sbatch") != 0)
		stunnel_option_tell_dropped();
	stunnel_job_begin();
	if (stunnel_launch_prefix(prefix, sizeof(prefix), error) != 0)
		goto fail;
	stunnel_request_begin(&record, "check", &request);
	stunnel_record_end(&record);
	stunnel_interrupt_begin(&interrupt);
	result = stunnel_verdict_ask(&keeper, prefix, &record, local, get_variable, &answer, error);
	number = stunnel_interrupt_end(&interrupt);
	if (number != 0)
		die_of(number); /* and with us the keeper */
	if (result != 0)
		goto fail;
	stunnel_log_text(stunnel_record_get(&answer, "text"));
	if (!stunnel_answer_is(&answer, "ok"))
		exit(EXIT_FAILURE);
	stunnel_environment_forget();
	stunnel_environment_set(&answer);
	stunnel_record_free(&record);
	stunnel_record_free(&answer);
	if (stunnel_variables_set(origin, stunnel_job_quiet()) != 0) {
		(void)snprintf(error, sizeof(error), "cannot set variables: %s", strerror(errno));
		goto fail;
	}
	if (context == S_CTX_ALLOCATOR) {
		stunnel_keeper_hang_up(&keeper);
		stunnel_keeper_reap(&keeper);
	}
	return 0;
fail:
	stunnel_log_error("error: --tunnel cannot be checked: %s\n", error);
	exit(EXIT_FAILURE);
}

/*
 * Asks for the tunnel, if its value is sound. Returns 0 with the answer in
 * `record`, or -1 with the reason in `error`.
 */
static int request_opening(spank_t spank, const struct stunnel_request *request,
			   struct stunnel_record *record, char error[static STUNNEL_ERROR_MAX])
{
	struct stunnel_record login = { 0 };
	struct stunnel_job job;
	int result = 0;
	char *nodes;

	if (stunnel_job_local(spank, &job) != 0) {
		(void)snprintf(error, STUNNEL_ERROR_MAX, "Slurm does not tell the job's number");
		return -1;
	}
	nodes = stunnel_job_step_nodes(&job, error);
	if (!nodes)
		return -1;
	stunnel_request_begin(record, "open", request);
	stunnel_record_add_number(record, "job", job.id);
	stunnel_record_add_number(record, "step", job.step);
	stunnel_record_add(record, "nodes", nodes);
	if (job.heterogeneous)
		stunnel_record_add(record, "heterogeneous", "yes");
	stunnel_record_end(record);
	if (stunnel_lifeline_open(&lifeline) != 0) {
		(void)snprintf(error, STUNNEL_ERROR_MAX, "cannot make a socket pair: %s",
			       strerror(errno));
		free(nodes);
		return -1;
	}
	if (!job.heterogeneous)
		stunnel_verdict_login(nodes, &login);
	free(nodes);
	if (login.size > 0)
		result = stunnel_keeper_send(&keeper, &login, &lifeline, error);
	if (result >= 0)
		result = stunnel_verdict_heed(&keeper, error);
	if (result == 0)
		result = ask(record, login.size > 0 ? NULL : &lifeline, error);
	stunnel_record_free(&login);
	return result;
}

/* Does as the keeper answered. Returns what the hook shall. */
static int take_answer(const struct stunnel_record *answer)
{
	stunnel_log_text(stunnel_record_get(answer, "text"));
	if (!stunnel_answer_is(answer, "ready"))
		return stunnel_answer_result(answer);
	stunnel_environment_set(answer);
	announce(stunnel_record_get(answer, "news"));
	stunnel_verdict_keep_login(answer);
	return 0;
}

/* Prints what becomes of the tunnel while the job runs, until the keeper is gone. */
static void *listen_to_keeper(void *none)
{
	struct stunnel_record notice = { 0 };
	char error[STUNNEL_ERROR_MAX];

	while (stunnel_keeper_receive(&keeper, &notice, error) == 0) {
		const char *text = stunnel_record_get(&notice, "text");

		if (text && stunnel_answer_is(&notice, "down"))
			slurm_error("%s", text);
		else
			announce(text);
		stunnel_record_drop(&notice, stunnel_record_message(&notice));
	}
	stunnel_keeper_hang_up(&keeper);
	stunnel_record_free(&notice);
	return none;
}

int stunnel_local_open(spank_t spank, int argc, char **argv)
{
	const char *spec = stunnel_option_typed();
	struct stunnel_request request = { .context = "local",
					   .origin = "srun",
					   .prefix = prefix,
					   .spec = spec,
					   .uid = getuid(),
					   .argc = argc,
					   .argv = argv };
	struct stunnel_record record = { 0 };
	struct stunnel_interrupt interrupt;
	char error[STUNNEL_ERROR_MAX];
	int result;

	if (!spec || lifeline.owner >= 0)
		return 0;
	stunnel_interrupt_begin(&interrupt);
	result = request_opening(spank, &request, &record, error);
	if (stunnel_interrupt_end(&interrupt) != 0) {
		stunnel_log_error("interrupted: the tunnel was not opened\n");
		stunnel_lifeline_end(&lifeline, prefix, NULL);
		result = -1;
	} else if (result != 0) {
		stunnel_log_error("error: the tunnel cannot be opened: %s\n", error);
	} else {
		result = take_answer(&record);
	}
	/* A tunnel that stands is heard of over the channel. */
	if (result != 0 || !stunnel_answer_is(&record, "ready") ||
	    stunnel_thread_start(listen_to_keeper, NULL) != 0)
		stunnel_keeper_hang_up(&keeper);
	stunnel_record_free(&record);
	return result;
}

void stunnel_local_end(void)
{
	/* One that is stopped would stay, and its tunnel with it; nobody else reaps it. */
	if (lifeline.owner >= 0 && lifeline.maker == getpid() && keeper.pid > 0)
		(void)kill(keeper.pid, SIGCONT);
	stunnel_lifeline_end(&lifeline, prefix, NULL);
}
