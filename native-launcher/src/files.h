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

/* The size of ssh's log in `directory`; 0: there is none. */
off_t stunnel_files_log_size(const char *directory);

/* Empties a log that others have made long: all of them can connect to a forward. True: so it was. */
bool stunnel_files_bound_log(const char *directory);

/*
 * What ssh logged from `from` bytes on: lines of printable ASCII, without a
 * newline at the end, and if they are many the last ones. Empty: none.
 */
void stunnel_files_words(const char *directory, off_t from, char words[static STUNNEL_WORDS_MAX]);

/*
 * Leaves `state` in a file of that name, for `stunnel list`. What cannot be
 * written is not there.
 */
void stunnel_files_publish(const char *directory, const struct stunnel_record *state);

/* Writes what sftp(1) is to read. False: it cannot be written. */
bool stunnel_files_write_batch(const char *directory, const char *text);

#endif
