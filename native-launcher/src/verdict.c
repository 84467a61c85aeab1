/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict.h"

#include "log.h"
#include "memory.h"
#include "message.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* The request whose verdict is still to come; empty: none is. */
static struct stunnel_record unheard;

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

	/* Without the empty field that ends it. */
	stunnel_record_append(&whole, request->data, request->size - 1);
	if (columns > 0)
		stunnel_record_add_number(&whole, "columns", columns);
	if (early)
		stunnel_record_add(&whole, "early", "yes");
	stunnel_record_end(&whole);
	result = stunnel_keeper_send(keeper, &whole, NULL, error);
	stunnel_record_free(&whole);
	return result;
}

int stunnel_verdict_ask(struct stunnel_keeper *keeper, const char *prefix,
			const struct stunnel_record *request, bool opens, stunnel_lookup *lookup,
			struct stunnel_record *answer, char error[static STUNNEL_ERROR_MAX])
{
	int memory = open_memory();
	bool known = stunnel_memory_recall(memory, request, answer);
	time_t begin = time(NULL);
	int result = 0;

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
		stunnel_record_append(&unheard, request->data, request->size);
		result = send_request(keeper, request, true, error);
	}
	close_memory(memory);
	return result;
}

int stunnel_verdict_heed(const struct stunnel_keeper *keeper, char error[static STUNNEL_ERROR_MAX])
{
	struct stunnel_record answer = { 0 };
	int memory, result;

	if (unheard.size == 0)
		return 0;
	result = stunnel_keeper_receive(keeper, &answer, error);
	if (result == 0 && !is_plain_consent(&answer)) {
		memory = open_memory();
		stunnel_memory_forget(memory, &unheard);
		close_memory(memory);
		stunnel_log_text(stunnel_record_get(&answer, "text"));
		if (!stunnel_answer_is(&answer, "ok")) {
			(void)snprintf(error, STUNNEL_ERROR_MAX,
				       "its value was accepted before, and is not any more");
			result = -1;
		}
	}
	stunnel_record_free(&unheard);
	stunnel_record_free(&answer);
	return result;
}
