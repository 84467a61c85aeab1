/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conversation: what the keeper hears from the plugin and says to it. Requests
 * and answers go over the channel, the last words over the lifeline.
 */
#ifndef STUNNEL_CONVERSATION_H
#define STUNNEL_CONVERSATION_H

#include "record.h"

#include <stdbool.h>

struct stunnel_conversation {
	int channel;  /* -1: the plugin has hung up */
	int lifeline; /* -1: not here yet */
	int voice;    /* the task's standard error; -1: what is to be said goes to the channel */
	bool answered; /* nobody waits for our answer any more */
	struct stunnel_record requests;
};

/*
 * Reads what the plugin sent, and the descriptors that may come with it: the
 * lifeline, then the voice. False: there is nobody any more.
 */
bool stunnel_conversation_receive(struct stunnel_conversation *plugin);

/* The plugin has its answer, or is gone. */
void stunnel_conversation_hang_up(struct stunnel_conversation *plugin);

/*
 * Tells the owner what to do for us should we be killed: to send this very
 * request to another keeper.
 */
void stunnel_conversation_bequeath(const struct stunnel_conversation *plugin,
				   const struct stunnel_record *request);

/* Says one line to the user: `what` is up or down. Waits for a moment at most; it may be lost. */
void stunnel_conversation_tell(struct stunnel_conversation *plugin, const char *what,
			       const char *line);

#endif
