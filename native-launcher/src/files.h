/* SPDX-License-Identifier: Apache-2.0 */
/*
 * files: what lies beside the control socket, and which the runtime and `stunnel
 * list` know too. No link is followed, and what is made is for the user alone.
 * A directory that is NULL has no file.
 */
#ifndef STUNNEL_FILES_H
#define STUNNEL_FILES_H

#include "record.h"

#include <stdbool.h>
#include <sys/types.h>

/* Most of what stunnel_files_words() writes. */
#define STUNNEL_WORDS_MAX 4096

/* How long they are: ssh's log, and what the programs that it runs said. */
struct stunnel_sizes {
	off_t log, errors;
};

/* Opens what an ssh that is started has as standard error. Returns the descriptor or -1. */
int stunnel_files_open_errors(const char *directory);

/* The sizes in `directory`; 0: there is no such file. */
struct stunnel_sizes stunnel_files_sizes(const char *directory);

/*
 * Empties what has become long, as others can have the log: all of them can
 * connect to a forward. The size of what was emptied becomes 0.
 */
void stunnel_files_bound(const char *directory, struct stunnel_sizes *sizes);

/*
 * What ssh logged from `from` bytes on: lines of printable ASCII, without a
 * newline at the end, and if they are many the last ones. Empty: none.
 */
void stunnel_files_words(const char *directory, off_t from, char words[static STUNNEL_WORDS_MAX]);

/* The same of what its programs said. */
void stunnel_files_errors(const char *directory, off_t from, char words[static STUNNEL_WORDS_MAX]);

/*
 * Leaves `state` in a file of that name, for `stunnel list`. What cannot be
 * written is not there.
 */
void stunnel_files_publish(const char *directory, const struct stunnel_record *state);

/* Writes what sftp(1) is to read. False: it cannot be written. */
bool stunnel_files_write_batch(const char *directory, const char *text);

#endif
