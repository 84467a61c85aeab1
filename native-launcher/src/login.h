/* SPDX-License-Identifier: Apache-2.0 */
/*
 * login: what the keeper does while the runtime is still on its way. For a value
 * that a tunnel stood for before, the plugin says how ssh was started then, and
 * where to. That is begun with at once; the runtime, which alone knows the
 * settings, takes it over if it would have done the same.
 *
 * Nothing but the login is made on that word, which lies in a file of the user's.
 */
#ifndef STUNNEL_LOGIN_H
#define STUNNEL_LOGIN_H

#include "record.h"
#include "runtime.h"
#include "tunnel.h"

#include <stdbool.h>
#include <sys/types.h>

/* Once the runtime has taken it over, or refused it, there is none. */
enum stunnel_login { STUNNEL_LOGIN_NONE, STUNNEL_LOGIN_RUNS, STUNNEL_LOGIN_STANDS };

/*
 * Makes the directory of a login that the first message of `request`, `size` bytes,
 * describes, and keeps that as the tunnel's. False: there is none to be made.
 */
bool stunnel_login_prepare(struct stunnel_tunnel *tunnel, const struct stunnel_record *request,
			   size_t size);

/* Begins with the one that was prepared. `runtime` is no child of the login's. */
void stunnel_login_begin(enum stunnel_login *login, struct stunnel_tunnel *tunnel,
			 const struct stunnel_runtime *runtime);

/* Takes the end of a child. True: it was the login, which stands or is no more. */
bool stunnel_login_reaped(enum stunnel_login *login, struct stunnel_tunnel *tunnel,
			  const struct stunnel_runtime *runtime, pid_t pid, int status);

/* Adds what stands, if it does, to a request that the runtime will get. */
void stunnel_login_tell(enum stunnel_login login, const struct stunnel_tunnel *tunnel,
			struct stunnel_record *request);

/* Ends the login, and leaves nothing of it. */
void stunnel_login_discard(enum stunnel_login *login, struct stunnel_tunnel *tunnel,
			   const struct stunnel_runtime *runtime);

#endif
