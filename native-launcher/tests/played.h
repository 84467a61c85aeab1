/* SPDX-License-Identifier: Apache-2.0 */
/* played: this program as a Slurm process whose keeper the peer plays. */
#ifndef STUNNEL_TESTS_PLAYED_H
#define STUNNEL_TESTS_PLAYED_H

#include "../src/launch.h"
#include "../src/lifeline.h"
#include "../src/record.h"

/* Another user, whom root can become. */
enum { NOBODY = 65534 };

extern char error[STUNNEL_ERROR_MAX];

/* Makes an installation, and starts its keeper, which follows `script`. */
struct stunnel_keeper started(const char *script);

/* The same, and hands it a lifeline. */
struct stunnel_lifeline held(struct stunnel_keeper *keeper, const char *script);

/* Hangs up, and waits for its end. */
void ended(struct stunnel_keeper *keeper);

/* A request without any fact. */
void add_request(struct stunnel_record *record, const char *what);

/* Asks it to open a tunnel. */
void send_request(const struct stunnel_keeper *keeper, struct stunnel_lifeline *lifeline);

#endif
