/* SPDX-License-Identifier: Apache-2.0 */
/* revision: what `stunnel open` and `stunnel close` changed in a tunnel that stands. */
#ifndef STUNNEL_REVISION_H
#define STUNNEL_REVISION_H

#include "tunnel.h"

/*
 * Takes the file `commands` out of the control directory: a message of the
 * user's with all fields of both records, as they are from now on. The file is
 * gone then. Returns true if it was one of this tunnel; else all stays as it was.
 */
bool stunnel_revision_take(struct stunnel_tunnel *tunnel);

#endif
