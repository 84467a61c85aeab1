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

#include "session.h"

/* Begins with the login of the message `size` bytes long, the first of the plugin's. */
void stunnel_login_begin(struct stunnel_session *session, size_t size);

/* Takes the end of a child. True: it was the login, which stands or is no more. */
bool stunnel_login_reaped(struct stunnel_session *session, pid_t pid, int status);

/* Adds what stands, if it does, to a request that the runtime will get. */
void stunnel_login_tell(const struct stunnel_session *session, struct stunnel_record *request);

/* Ends the login, and leaves nothing of it. */
void stunnel_login_discard(struct stunnel_session *session);

#endif
