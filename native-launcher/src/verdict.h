/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verdict: whether the value that was typed is sound. It is waited for before
 * anything is submitted, unless the same was accepted before (see memory.h).
 */
#ifndef STUNNEL_VERDICT_H
#define STUNNEL_VERDICT_H

#include "launch.h"
#include "record.h"

#include <stdbool.h>

/*
 * Writes the answer to `request` into `answer`, the runtime's or that of the
 * memory. With `opens`, the caller will open the tunnel: `keeper` then runs,
 * and the verdict may still be to come. Returns 0, or -1 with the reason in
 * `error`.
 */
int stunnel_verdict_ask(struct stunnel_keeper *keeper, const char *prefix,
			const struct stunnel_record *request, bool opens, stunnel_lookup *lookup,
			struct stunnel_record *answer, char error[static STUNNEL_ERROR_MAX]);

/*
 * Waits for the verdict if it is still to come. Returns 0 when the value is
 * sound; else -1 with the reason in `error`, the diagnostics being printed.
 */
int stunnel_verdict_heed(const struct stunnel_keeper *keeper, char error[static STUNNEL_ERROR_MAX]);

/*
 * Writes into `login` what the keeper can begin with before the verdict is
 * there, towards `node`: a message, or nothing where no such tunnel stood
 * before. The runtime looks at what became of it before it uses it.
 */
void stunnel_verdict_login(const char *node, struct stunnel_record *login);

/* The tunnel stands: keeps what `ready` says of the next one's login. */
void stunnel_verdict_keep_login(const struct stunnel_record *ready);

#endif
