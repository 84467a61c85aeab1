/* SPDX-License-Identifier: Apache-2.0 */
/* plugged: the plugin and the keeper as built, in a Slurm that slurm.c acts, with the peer as runtime. */
#ifndef STUNNEL_TESTS_PLUGGED_H
#define STUNNEL_TESTS_PLUGGED_H

#include "slurm.h"

#include <stdbool.h>

/* What the peer is to do as the runtime. */
#define OK "take\nsay answer=ok|env=STUNNEL_COUNT=1\n"
#define OPENING \
	"take\nmkdir %s/control\n" \
	"say answer=opening|dir=%s/control|stop=%s/libexec/java|stop=stop\n"
#define READY \
	"run start\nrun forward\n" \
	"say answer=ready|text=a warning|news=it is up|env=STUNNEL_COUNT=1|env=STUNNEL_0_LISTEN=8001|" \
	"start=%s/libexec/java|start=start|forward=%s/libexec/java|forward=forward\n"
#define FAILED "say answer=failed|text=it is not up|policy="

/* The name of a lock, as salloc makes one. */
#define KEY "0123456789abcdef0123456789abcdef"

/* The longest value that is taken. */
enum { SPEC_MAX = 65536 };

/* Installs the plugin, whose runtime follows `script`, and loads it there. */
void begin(spank_context_t context, const char *script);

/* All that was started has ended, and is reaped. */
bool is_childless(void);

#endif
