/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict.h"

#include "log.h"
#include "memory.h"
#include "message.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What was asked, and whether the verdict on it is still to come. */
static struct stunnel_record asked;
static bool unheard;

static int open_memory(void)
{
	return stunnel_memory_open(STUNNEL_RUNTIME_DIRECTORIES, getuid());
}

static void close_memory(int memory)
{
	if (memory >= 0)
		(void)close(memory);
}

/* A warning is for everyone to read, each time. */
static bool is_plain_consent(const struct stunnel_record *answer)
{
	return stunnel_answer_is(answer, "ok") && !stunnel_record_get(answer, "text");
}

/*
 * Sends the request, and what its answer does not depend on, but the wording or
 * the time of it: `early`, nobody waits for that yet, so that the runtime may
 * prepare for the tunnel meanwhile.
 */
static int send_request(const struct stunnel_keeper *keeper, const struct stunnel_record *request,
			bool early, char error[static STUNNEL_ERROR_MAX])
{
	/* A request that had no room is none, whatever of it is there. */
	struct stunnel_record whole = { .failed = request->failed };
	unsigned int columns = stunnel_log_columns();
	int result;

	unheard = early;
	/* Without the empty field that ends it. */
	stunnel_record_append(&whole, request->data, request->size - 1);
	if (columns > 0)
		stunnel_record_add_number(&whole, "columns", columns);
	if (early)
		stunnel_record_add(&whole, "early", "yes");
	stunnel_record_end(&whole);
	result = stunnel_keeper_send(keeper, &whole, NULL, error);
	stunnel_record_free(&whole);
	return result < 0 ? -1 : 0;
}

int stunnel_verdict_ask(struct stunnel_keeper *keeper, const char *prefix,
			const struct stunnel_record *request, bool opens, stunnel_lookup *lookup,
			struct stunnel_record *answer, char error[static STUNNEL_ERROR_MAX])
{
	int memory = open_memory();
	bool known = stunnel_memory_recall(memory, request, answer);
	time_t begin = time(NULL);
	int result = 0;

	stunnel_record_append(&asked, request->data, request->size);
	/* What sbatch and salloc submit is judged where its tunnel is opened. */
	if (!known || opens)
		result = stunnel_keeper_start(keeper, prefix, STUNNEL_CHILD, NULL, lookup, NULL,
					      error);
	if (result == 0 && !known) {
		result = send_request(keeper, request, false, error);
		if (result == 0)
			result = stunnel_keeper_receive(keeper, answer, error);
		if (result == 0 && is_plain_consent(answer))
			stunnel_memory_keep(memory, request, answer, begin);
	} else if (result == 0 && opens) {
		result = send_request(keeper, request, true, error);
	}
	close_memory(memory);
	return result;
}

int stunnel_verdict_heed(const struct stunnel_keeper *keeper, char error[static STUNNEL_ERROR_MAX])
{
	struct stunnel_record answer = { 0 };
	int memory, result;

	if (!unheard)
		return 0;
	unheard = false;
	result = stunnel_keeper_receive(keeper, &answer, error);
	if (result == 0 && !is_plain_consent(&answer)) {
		memory = open_memory();
		stunnel_memory_forget(memory, &asked);
		close_memory(memory);
		stunnel_log_text(stunnel_record_get(&answer, "text"));
		if (!stunnel_answer_is(&answer, "ok")) {
			(void)snprintf(error, STUNNEL_ERROR_MAX, "its value was accepted before, and %s",
				       stunnel_answer_is(&answer, "refused") ?
					       "is not any more" :
					       "cannot be looked at now");
			result = -1;
		}
	}
	stunnel_record_free(&answer);
	return result;
}

void stunnel_verdict_login(const char *node, struct stunnel_record *login)
{
	struct stunnel_record found = { 0 };
	int memory;

	/* A list of nodes is for the runtime to read. */
	if (!unheard || strpbrk(node, "[,"))
		return;
	memory = open_memory();
	stunnel_memory_take_login(memory, &asked, &found);
	close_memory(memory);
	if (found.size > 0 && !found.failed) {
		/* Without the empty field that ends it. */
		stunnel_record_append(login, found.data, found.size - 1);
		stunnel_record_add(login, "start", node);
		stunnel_record_end(login);
	}
	stunnel_record_free(&found);
}

void stunnel_verdict_keep_login(const struct stunnel_record *ready)
{
	static const char *const keys[][2] = { { "next-dir", "dir" },
					       { "next-stop", "stop" },
					       { "preload", "preload" },
					       { "next-start", "start" } };
	struct stunnel_record login = { 0 };
	int memory;

	if (!stunnel_record_get(ready, keys[0][0]))
		return;
	stunnel_record_add(&login, "request", "login");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		for (const char *value = NULL;
		     (value = stunnel_record_next(ready, keys[i][0], value));)
			stunnel_record_add(&login, keys[i][1], value);
	}
	stunnel_record_end(&login);
	memory = open_memory();
	if (!login.failed)
		stunnel_memory_keep_login(memory, &asked, &login);
	close_memory(memory);
	stunnel_record_free(&login);
}
