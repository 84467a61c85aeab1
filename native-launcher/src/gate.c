/* SPDX-License-Identifier: Apache-2.0 */
#include "gate.h"

#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

/* Longer than the keeper takes for any answer. */
enum { WAIT_MS = 100000 };

int stunnel_gate_make(struct stunnel_gate *gate)
{
	int pair[2];

	*gate = (struct stunnel_gate)STUNNEL_NO_GATE;
	gate->board = memfd_create("stunnel", MFD_CLOEXEC);
	if (gate->board < 0)
		return -1;
	if (pipe2(pair, O_CLOEXEC) != 0) {
		stunnel_close(&gate->board);
		return -1;
	}
	gate->out = pair[0];
	gate->in = pair[1];
	return 0;
}

void stunnel_gate_open(const struct stunnel_gate *gate, uint32_t waiting,
		       const struct stunnel_record *answer, int result)
{
	char byte = result == 0 ? '+' : '-';

	if (result == 0 && answer->size > 0 &&
	    write(gate->board, answer->data, answer->size) != (ssize_t)answer->size)
		byte = '-';
	for (; waiting > 0; waiting--) {
		while (write(gate->in, &byte, 1) < 0 && errno == EINTR)
			;
	}
}

/* All tasks share the file's offset: read at positions, not on. */
static void read_board(int board, struct stunnel_record *answer)
{
	for (off_t from = 0;; from = (off_t)answer->size) {
		char bytes[4096];
		ssize_t count = pread(board, bytes, sizeof(bytes), from);

		if (count <= 0 || answer->failed)
			return;
		stunnel_record_append(answer, bytes, (size_t)count);
	}
}

int stunnel_gate_wait(struct stunnel_gate *gate, struct stunnel_record *answer)
{
	struct pollfd opened = { .fd = gate->out, .events = POLLIN };
	char byte;
	int ready;

	if (gate->out < 0)
		return -1;
	stunnel_gate_shut(gate);
	do {
		ready = poll(&opened, 1, WAIT_MS);
	} while (ready < 0 && errno == EINTR);
	if (ready != 1 || read(gate->out, &byte, 1) != 1)
		return -2;
	if (byte != '+')
		return -1;
	read_board(gate->board, answer);
	return answer->failed ? -1 : 0;
}

void stunnel_gate_shut(struct stunnel_gate *gate)
{
	stunnel_close(&gate->in);
}

void stunnel_gate_close(struct stunnel_gate *gate)
{
	stunnel_close(&gate->out);
	stunnel_close(&gate->in);
	stunnel_close(&gate->board);
}
