/* SPDX-License-Identifier: Apache-2.0 */
#include "query.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SECONDS = 2 };

/* One question, shared by the thread that asks and the one that waits. */
struct query {
	pthread_mutex_t mutex;
	pthread_cond_t answered;
	stunnel_question *question;
	struct stunnel_job job;
	char *answer;
	bool done;
	bool abandoned;
};

static struct query *new_query(const struct stunnel_job *job, stunnel_question *question)
{
	struct query *query = calloc(1, sizeof(*query));
	pthread_condattr_t monotonic;

	if (!query || pthread_condattr_init(&monotonic) != 0 ||
	    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) != 0 ||
	    pthread_cond_init(&query->answered, &monotonic) != 0 ||
	    pthread_mutex_init(&query->mutex, NULL) != 0) {
		free(query);
		return NULL;
	}
	(void)pthread_condattr_destroy(&monotonic);
	query->question = question;
	query->job = *job;
	return query;
}

static void free_query(struct query *query)
{
	(void)pthread_cond_destroy(&query->answered);
	(void)pthread_mutex_destroy(&query->mutex);
	free(query->answer);
	free(query);
}

static void *ask(void *argument)
{
	struct query *query = argument;
	char *answer = query->question(&query->job);
	bool abandoned;

	(void)pthread_mutex_lock(&query->mutex);
	query->answer = answer;
	query->done = true;
	abandoned = query->abandoned;
	(void)pthread_cond_signal(&query->answered);
	(void)pthread_mutex_unlock(&query->mutex);
	if (abandoned)
		free_query(query);
	return NULL;
}

int stunnel_thread_start(void *(*run)(void *), void *argument)
{
	pthread_t thread;
	sigset_t all, before;
	int number;

	if (sigfillset(&all) != 0 || pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
		return -1;
	number = pthread_create(&thread, NULL, run, argument);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (number != 0)
		return -1;
	return pthread_detach(thread) == 0 ? 0 : -1;
}

int stunnel_query(struct stunnel_job *job, stunnel_question *question, char **answer,
		  char error[static STUNNEL_ERROR_MAX])
{
	struct query *query = new_query(job, question);
	struct timespec end = { 0 };
	bool done;

	if (!query || clock_gettime(CLOCK_MONOTONIC, &end) != 0 ||
	    stunnel_thread_start(ask, query) != 0) {
		(void)snprintf(error, STUNNEL_ERROR_MAX, "cannot start a thread to ask slurmctld");
		if (query)
			free_query(query);
		return -1;
	}
	end.tv_sec += SECONDS;
	(void)pthread_mutex_lock(&query->mutex);
	while (!query->done && pthread_cond_timedwait(&query->answered, &query->mutex, &end) == 0)
		;
	done = query->done;
	*answer = query->answer;
	if (done)
		*job = query->job;
	query->answer = NULL;
	query->abandoned = !done;
	(void)pthread_mutex_unlock(&query->mutex);
	if (done)
		free_query(query);
	else
		(void)snprintf(error, STUNNEL_ERROR_MAX, "slurmctld did not answer within %d s",
			       SECONDS);
	return done ? 0 : -1;
}
