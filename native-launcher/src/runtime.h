/* SPDX-License-Identifier: Apache-2.0 */
/* runtime: the Java program that compiles and connects, as the keeper sees it. */
#ifndef STUNNEL_RUNTIME_H
#define STUNNEL_RUNTIME_H

#include "record.h"

#include <stdbool.h>
#include <sys/types.h>

/* socket = -1: none runs, or none that will answer. */
struct stunnel_runtime {
	int socket;
	pid_t pid; /* > 0 until it is reaped */
	bool archived; /* it was given an archive */
	bool distrusts; /* from now on none is */
	struct stunnel_record answers;
};

#define STUNNEL_NO_RUNTIME { .socket = -1, .pid = -1 }

/* Starts the runtime installed under `prefix`. Returns 0 or -1. */
int stunnel_runtime_start(struct stunnel_runtime *runtime, const char *prefix);

/*
 * Takes it that the runtime ended without an answer, as it does when its archive
 * is damaged: the next ones get none. Returns whether that can make a difference.
 */
bool stunnel_runtime_distrust_archive(struct stunnel_runtime *runtime);

/* Closes its input and output; it ends by itself then. */
void stunnel_runtime_close(struct stunnel_runtime *runtime);

/*
 * Kills what still runs. What it said until then is in `answers` afterwards,
 * for the caller to look at and to close.
 */
void stunnel_runtime_kill(struct stunnel_runtime *runtime);

/*
 * Takes the end of a child, which may be the runtime's: its last answer can
 * still be read, and then the end of file, whoever else holds its output.
 */
void stunnel_runtime_reaped(struct stunnel_runtime *runtime, pid_t pid);

/*
 * Sends all of it to the socket *fd. A peer that is gone, or does not read for
 * some seconds, has its socket closed and set to -1.
 */
void stunnel_send_all(int *fd, const char *bytes, size_t size);

/* Makes the socket one that stunnel_send_all() may be used on. */
void stunnel_bound_sending(int fd);

#endif
