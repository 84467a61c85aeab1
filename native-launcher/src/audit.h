/* SPDX-License-Identifier: Apache-2.0 */
/* audit: the lines about tunnels in the system's log. */
#ifndef STUNNEL_AUDIT_H
#define STUNNEL_AUDIT_H

#include "record.h"

/* Longest facts that are kept about a tunnel. */
#define STUNNEL_FACTS_MAX 1024

/*
 * Writes one line: `what` became of the tunnel, the runtime's `facts` about it,
 * the plan in `tunnel`, and the first line of `why` (or NULL). Without facts (NULL
 * or empty) the site wants none. It never waits: where nobody reads the log, or
 * too slowly, the line is lost.
 */
void stunnel_audit(const char *what, const char *facts, const struct stunnel_record *tunnel,
		   const char *why);

#endif
