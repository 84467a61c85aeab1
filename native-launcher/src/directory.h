/* SPDX-License-Identifier: Apache-2.0 */
/* directory: whose a control directory is, and its end. */
#ifndef STUNNEL_DIRECTORY_H
#define STUNNEL_DIRECTORY_H

#include <stdbool.h>

/* Opens a directory of this user's; no link is followed. Returns a descriptor or -1. */
int stunnel_directory_open(const char *path);

/*
 * True when the directory is this user's alone, and so is whoever listens on a
 * socket in it. One that root has removed (a cleaner of /tmp may) leaves its
 * name to whoever comes first. To be asked before each command that talks there.
 */
bool stunnel_directory_is_ours(const char *path);

/*
 * True when a process listens on one of the sockets in the directory `path`,
 * or when that cannot be told.
 */
bool stunnel_directory_listens(const char *path);

/*
 * Removes the files in the directory `path`. Follows no link, touches nothing
 * that is not ours. A missing directory is fine.
 */
void stunnel_directory_empty(const char *path);

/* The same, and removes the directory. */
void stunnel_directory_remove(const char *path);

/*
 * Removes a socket of ours, wherever it is, if nobody listens on it any more.
 * False: somebody does, or that cannot be told.
 */
bool stunnel_directory_remove_dead_socket(const char *path);

#endif
