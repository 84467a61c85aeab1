/* SPDX-License-Identifier: Apache-2.0 */
/* gate: where the other tasks of a node wait until the first one has the tunnel's answer. */
#ifndef STUNNEL_GATE_H
#define STUNNEL_GATE_H

#include "record.h"

#include <stdint.h>

/*
 * Made by slurmstepd before it forks the tasks, which share it: a pipe with a
 * byte for each task that waits, and a memory file with the answer. -1: closed.
 */
struct stunnel_gate {
	int out;
	int in;
	int board;
};

#define STUNNEL_NO_GATE { .out = -1, .in = -1, .board = -1 }

/* Makes the gate. Returns 0, or -1 with errno and a closed gate. */
int stunnel_gate_make(struct stunnel_gate *gate);

/* Lets `waiting` tasks go on with `answer`, or fail as the caller does. */
void stunnel_gate_open(const struct stunnel_gate *gate, uint32_t waiting,
		       const struct stunnel_record *answer, int result);

/*
 * Waits. Returns 0 with the answer, -1 when the first task failed, and -2 when
 * it ended without a word.
 */
int stunnel_gate_wait(struct stunnel_gate *gate, struct stunnel_record *answer);

/* Closes this process's way to open it. It is shut for good when the last one has. */
void stunnel_gate_shut(struct stunnel_gate *gate);

/* Closes all of it. */
void stunnel_gate_close(struct stunnel_gate *gate);

#endif
