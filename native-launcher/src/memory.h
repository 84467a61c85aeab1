/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory: values of --tunnel that were accepted before, so that the verdict on
 * the same value need not be waited for again.
 *
 * It is the user's own, and decides nothing: every tunnel is judged before it is
 * opened. It lies in the user's runtime directory, which goes with the user's
 * last session; where there is none, nothing is remembered. An answer is kept
 * together with the whole request and with what identifies each file that it
 * depends on. All of that is compared byte by byte.
 */
#ifndef STUNNEL_MEMORY_H
#define STUNNEL_MEMORY_H

#include "record.h"

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

/* Where systemd-logind makes the runtime directories of users. */
#define STUNNEL_RUNTIME_DIRECTORIES "/run/user"

/* More than that is not remembered: a thousand values do not fill a file system. */
enum { STUNNEL_MEMORY_SLOTS = 64, STUNNEL_MEMORY_MAX = 64 * 1024 };

/* Opens the memory of a user below `parent`; -1: there is none. */
int stunnel_memory_open(const char *parent, uid_t uid);

/*
 * True, with the whole answer in `answer`, which is empty: so the request was
 * answered when all that the answer depends on was as it is now.
 */
bool stunnel_memory_recall(int memory, const struct stunnel_record *request,
			   struct stunnel_record *answer);

/*
 * Keeps an answer to a request that was made at `begin`, unless it names no
 * file that it depends on, or one that may have changed since.
 */
void stunnel_memory_keep(int memory, const struct stunnel_record *request,
			 struct stunnel_record *answer, time_t begin);

/*
 * Keeps how the next tunnel of this request can be logged in for, as a message
 * for the keeper. Without an answer that is kept, it would never be used.
 */
void stunnel_memory_keep_login(int memory, const struct stunnel_record *request,
			       const struct stunnel_record *login);

/*
 * Moves that, if there is one, to the end of `login`: it is good for one tunnel,
 * since it names a directory.
 */
void stunnel_memory_take_login(int memory, const struct stunnel_record *request,
			       struct stunnel_record *login);

/* The answer to this request is another one by now. */
void stunnel_memory_forget(int memory, const struct stunnel_record *request);

#endif
