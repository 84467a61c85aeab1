/* SPDX-License-Identifier: Apache-2.0 */
/* log: what the user reads. */
#ifndef STUNNEL_LOG_H
#define STUNNEL_LOG_H

/*
 * Takes the place of a standard error that is closed, before it becomes a connection of
 * Slurm's: what is said would go there, or wait for 5 s for one that takes nothing.
 */
void stunnel_log_begin(void);

/* Writes to standard error as it is: diagnostics bring their own lines and carets. */
void stunnel_log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writes a text that may have many lines, and ends its last one. Writes nothing for NULL or "". */
void stunnel_log_text(const char *text);

/* How wide a line of it may be: COLUMNS, else what its terminal says; 0: there is none. */
unsigned int stunnel_log_columns(void);

#endif
