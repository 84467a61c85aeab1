/* SPDX-License-Identifier: Apache-2.0 */
/*
 * option: the text of --tunnel, and who typed it. The text is kept, never
 * looked into: in slurmstepd this code runs as root on bytes that the user chose.
 */
#ifndef STUNNEL_OPTION_H
#define STUNNEL_OPTION_H

#include <slurm/spank.h>
#include <stdbool.h>

/* A longer value is refused by grammar and launcher alike. */
#define STUNNEL_SPEC_MAX 65536

/* Under this name sbatch and salloc hand the option to the sruns of the job. */
#define STUNNEL_INHERITED "SLURM_SPANK__SLURM_SPANK_OPTION_stunnel_tunnel"

/* Offers --tunnel; once, even if the plugin is listed twice. Returns 0 or -1. */
int stunnel_option_register(spank_t spank);

/* The value, typed or inherited; NULL: none. */
const char *stunnel_option_value(void);

/* The value if it was typed to this very command; NULL: none, or only inherited. */
const char *stunnel_option_typed(void);

/* The last value that was given passed STUNNEL_SPEC_MAX, and was not kept. */
bool stunnel_option_too_long(void);

/* Says so on standard error, in the words of the compiler, which never gets to see it. */
void stunnel_option_tell_too_long(void);

/*
 * Warns on standard error if another value was typed before the last one. In sbatch
 * that is how a command goes before its script: not to be called there.
 */
void stunnel_option_tell_dropped(void);

/* Takes a value that came another way than through the callback. */
void stunnel_option_set(const char *text);

#endif
