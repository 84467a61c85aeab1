/* SPDX-License-Identifier: Apache-2.0 */
/* retry: how long to wait before the next attempt. */
#ifndef STUNNEL_RETRY_H
#define STUNNEL_RETRY_H

enum {
	STUNNEL_RETRY_FIRST_MS = 800, /* the first attempt after a loss comes within a second */
	STUNNEL_RETRY_LAST_MS = 30000
};

/*
 * Returns the next pause, in milliseconds: from a quarter of `longest` to all of
 * it, and hardly ever the same for two of us. Then doubles `longest`, up to the
 * last one.
 */
long long stunnel_retry_pause(long long *longest);

#endif
