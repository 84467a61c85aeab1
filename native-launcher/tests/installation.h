/* SPDX-License-Identifier: Apache-2.0 */
/*
 * installation: an installation prefix in the directory of a test case, with
 * the peer (see peer.c) in the place of programs, and a script for it.
 */
#ifndef STUNNEL_TEST_INSTALLATION_H
#define STUNNEL_TEST_INSTALLATION_H

#include <stdbool.h>

/* Makes the prefix, with `keeper` as its keeper and the peer as its runtime. */
void installation_make(const char *keeper);

/* The path of a file below the prefix. Four of them are valid at a time. */
const char *installation_path(const char *file);

/* Copies a program to a file below the prefix. */
void installation_copy(const char *from, const char *file);

/* Writes a file below the prefix. */
void installation_write(const char *file, const char *text);

/*
 * What the `number`th start of the runtime does, from 1; 0: every start that
 * has no script of its own. `format` may hold one %s or more for the prefix.
 */
void installation_script(int number, const char *format);

/* The contents of a file below the prefix, "" while it is missing. */
const char *installation_read(const char *file);

/* How often `line` is a line of that file. */
int installation_count(const char *file, const char *line);

bool installation_has(const char *file);

/* Listens on a socket below the prefix. Returns the descriptor. */
int installation_listen(const char *file);

#endif
