/* SPDX-License-Identifier: Apache-2.0 */
#include "message.h"

#include "log.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void stunnel_request_begin(struct stunnel_record *record, const char *what,
			   const struct stunnel_request *request)
{
	char host[HOST_NAME_MAX + 1];

	stunnel_record_add(record, "request", what);
	stunnel_record_add(record, "context", request->context);
	stunnel_record_add(record, "origin", request->origin);
	stunnel_record_add(record, "prefix", request->prefix);
	stunnel_record_add_number(record, "uid", request->uid);
	stunnel_record_add(record, "spec", request->spec);
	for (int i = 0; i < request->argc; i++)
		stunnel_record_add(record, "option", request->argv[i]);
	if (gethostname(host, sizeof(host)) == 0) {
		host[HOST_NAME_MAX] = '\0';
		stunnel_record_add(record, "host", host);
	}
}

bool stunnel_answer_is(const struct stunnel_record *answer, const char *what)
{
	const char *word = stunnel_record_get(answer, "answer");

	return word && strcmp(word, what) == 0;
}

int stunnel_answer_result(const struct stunnel_record *answer)
{
	const char *policy = stunnel_record_get(answer, "policy");

	if (!policy || strcmp(policy, "warn") != 0)
		return -1;
	stunnel_log_text("warning: the job runs without its tunnel");
	return 0;
}
