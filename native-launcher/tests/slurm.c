/* SPDX-License-Identifier: Apache-2.0 */
#include "slurm.h"

#include "tap.h"

#include <dlfcn.h>
#include <slurm/slurm.h>
#include <slurm/slurm_errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct slurm_process slurm_process;

static void *plugin;
static struct spank_option option;
static int handle;

/* --- what the test uses ------------------------------------------------------ */

void slurm_load_plugin(const char *library)
{
	plugin = dlopen(library, RTLD_LAZY);
	if (!plugin)
		(void)fprintf(stderr, "# %s\n", dlerror());
	CHECK(plugin != NULL);
}

int slurm_call(const char *name)
{
	char *given = slurm_process.option ? slurm_process.option : (char *)"conf=/nowhere";
	char *argv[] = { (char *)"ssh_cmd=ssh", given, NULL };
	char symbol[64];
	spank_f *hook = NULL;

	(void)snprintf(symbol, sizeof(symbol), "slurm_spank_%s", name);
	*(void **)&hook = dlsym(plugin, symbol);
	CHECK(hook != NULL);
	return hook((spank_t)&handle, 2, argv);
}

int slurm_give_option(const char *value)
{
	CHECK(option.cb != NULL);
	return option.cb(option.val, value, slurm_process.context == S_CTX_REMOTE);
}

const char *slurm_job_variable(const char *name)
{
	size_t length = strlen(name);

	for (char **entry = slurm_process.environment; *entry; entry++) {
		if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
			return *entry + length + 1;
	}
	return NULL;
}

/* --- what the plugin uses ----------------------------------------------------- */

spank_context_t spank_context(void)
{
	return slurm_process.context;
}

spank_err_t spank_option_register(spank_t spank, struct spank_option *offered)
{
	/* Once, even if the plugin is listed twice. */
	CHECK(spank == (spank_t)&handle && offered->has_arg && !option.cb);
	option = *offered;
	return ESPANK_SUCCESS;
}

spank_err_t spank_get_item(spank_t spank, spank_item_t item, ...)
{
	va_list arguments;
	void *answer;

	CHECK(spank == (spank_t)&handle);
	va_start(arguments, item);
	answer = va_arg(arguments, void *);
	va_end(arguments);
	switch (item) {
	case S_JOB_UID:
		*(uid_t *)answer = slurm_process.other_user ? slurm_process.other_user : getuid();
		break;
	case S_JOB_GID:
		*(gid_t *)answer = getgid();
		break;
	case S_JOB_ID:
		*(uint32_t *)answer = slurm_process.job;
		break;
	case S_JOB_STEPID:
		*(uint32_t *)answer = slurm_process.step;
		break;
	case S_JOB_NODEID:
		*(uint32_t *)answer = slurm_process.node;
		break;
	case S_JOB_LOCAL_TASK_COUNT:
		*(uint32_t *)answer = slurm_process.local_tasks;
		break;
	case S_TASK_ID:
		*(int *)answer = slurm_process.task;
		break;
	case S_JOB_ENV:
		*(char ***)answer = slurm_process.environment;
		break;
	default:
		return ESPANK_NOT_AVAIL;
	}
	return ESPANK_SUCCESS;
}

spank_err_t spank_getenv(spank_t spank, const char *name, char *buffer, int size)
{
	const char *value = slurm_job_variable(name);

	CHECK(spank == (spank_t)&handle && slurm_process.context == S_CTX_REMOTE);
	if (!value)
		return ESPANK_ENV_NOEXIST;
	if (snprintf(buffer, (size_t)size, "%s", value) >= size)
		return ESPANK_NOSPACE;
	return ESPANK_SUCCESS;
}

/* Moves the array each time, as Slurm may do. */
spank_err_t spank_setenv(spank_t spank, const char *name, const char *value, int overwrite)
{
	enum { ENTRIES = 64 };
	static char *arrays[2][ENTRIES];
	static int next;
	char **entries = arrays[next++ % 2];
	size_t count = 1;

	CHECK(spank == (spank_t)&handle && overwrite);
	CHECK(asprintf(&entries[0], "%s=%s", name, value) > 0);
	for (char **entry = slurm_process.environment; *entry; entry++) {
		entries[count++] = *entry;
		CHECK(count < ENTRIES);
	}
	entries[count] = NULL;
	slurm_process.environment = entries;
	slurm_process.settings++;
	return ESPANK_SUCCESS;
}

__attribute__((format(printf, 2, 0))) static void say(const char *prefix, const char *format,
						      va_list arguments)
{
	char *text;

	CHECK(vasprintf(&text, format, arguments) >= 0);
	/* One write, in which no other case's line can end up. */
	(void)dprintf(STDERR_FILENO, "# srun: %s%s\n", prefix, text);
	free(text);
}

void slurm_info(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say("", format, arguments);
	va_end(arguments);
	slurm_process.announcements++;
}

void slurm_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say("error: ", format, arguments);
	va_end(arguments);
	slurm_process.complaints++;
}

/* The job has the asking step, its batch script, and perhaps one more. */
int slurm_get_job_steps(time_t since, uint32_t job, uint32_t step,
			job_step_info_response_msg_t **answer, uint16_t flags)
{
	static job_step_info_t steps[3];
	static job_step_info_response_msg_t response = { .job_steps = steps };

	(void)since;
	(void)flags;
	CHECK(job == slurm_process.job && step == NO_VAL);
	steps[0].step_id.step_id = slurm_process.step;
	steps[1].step_id.step_id = SLURM_BATCH_SCRIPT;
	steps[2].step_id.step_id = slurm_process.other_step;
	response.job_step_count = slurm_process.other_step ? 3 : 2;
	*answer = &response;
	return 0;
}

slurm_step_layout_t *slurm_job_step_layout_get(slurm_step_id_t *step)
{
	slurm_step_layout_t *layout = calloc(1, sizeof(*layout));

	CHECK(layout && step->job_id == slurm_process.job && step->step_id == slurm_process.step);
	if (!slurm_process.nodes) {
		free(layout);
		return NULL;
	}
	layout->node_list = strdup(slurm_process.nodes);
	layout->node_cnt = 1;
	return layout;
}

void slurm_job_step_layout_free(slurm_step_layout_t *layout)
{
	free(layout->node_list);
	free(layout);
}
