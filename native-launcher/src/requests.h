/* SPDX-License-Identifier: Apache-2.0 */
/* requests: what the plugin wants of its keeper. */
#ifndef STUNNEL_REQUESTS_H
#define STUNNEL_REQUESTS_H

#include "session.h"

/* Reads what the plugin sent, and does what can be done by now. */
void stunnel_requests_receive(struct stunnel_session *session);

/* Starts on the next request, if a whole one is there and none is under way. */
void stunnel_requests_take(struct stunnel_session *session);

#endif
