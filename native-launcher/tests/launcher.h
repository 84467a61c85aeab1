/* SPDX-License-Identifier: Apache-2.0 */
/* launcher: this program as the launcher of the keeper as built; the peer is its runtime and ssh. */
#ifndef STUNNEL_TESTS_LAUNCHER_H
#define STUNNEL_TESTS_LAUNCHER_H

#include "../src/launch.h"
#include "../src/lifeline.h"
#include "../src/record.h"

#include <stdbool.h>
#include <sys/types.h>

/* What the peer is to do as the runtime. */
#define TAKE "take\n"
#define OK TAKE "say answer=ok|env=STUNNEL_COUNT=1\n"
#define OPENING \
	TAKE "mkdir %s/control\n" \
	     "say answer=opening|dir=%s/control|stop=%s/libexec/java|stop=stop\n"
#define UP "run start\nrun forward\n"
#define READY_WITH(more) \
	"say answer=ready|pid=1|text=it is up|routes=login:8001 -> cn1:8000|start=%s/libexec/java|start=start|" \
	"forward=%s/libexec/java|forward=forward" more "\n"
#define READY READY_WITH("")
#define FAILED "say answer=failed|text=error: the port is taken|policy=require\n"
#define EOF_ "eof\n"

extern char error[STUNNEL_ERROR_MAX];
extern struct stunnel_keeper keeper;
extern struct stunnel_lifeline lifeline;
extern struct stunnel_record answer;

/* Of the installation that was made; at most one at a time. */
void start_keeper(enum stunnel_parentage parentage);

/* Installs and starts a keeper whose runtime follows `script` at each start. */
void begin(const char *program, const char *script);

/* Sends a request; one to open a tunnel brings the lifeline along, and perhaps the name of a lock. */
void ask_with(const char *what, const char *lock);
void ask(const char *what);

/* Waits for the next answer, which is then the first in `answer`. */
bool is_answered(const char *what);

/* How many bytes of its words wait in the lifeline for the owner. */
int told(void);

/* That answer has this in its text. */
bool says(const char *text);

/* The keeper has, and without an error; this reaps it. */
bool has_ended(void);

/* The keeper ends by itself, and with it all that it started; nothing stays behind. */
void ends(void);

/* As who has had the tunnel ends it. */
void end_lifeline(void);

/* Asks for the tunnel of a script that ends in READY. */
void open_tunnel(void);

/* A keeper with a tunnel that stands. */
void begin_with_tunnel(const char *program);

/* The last number that the peer wrote down there; 0: none. */
pid_t last_in(const char *file);

/* So often ssh was started, and so often asked for the forwards. */
bool commands_are(int starts, int forwards);

#endif
