/* SPDX-License-Identifier: Apache-2.0 */
/* descriptors: how a process gets rid of those it never asked for. */
#ifndef STUNNEL_DESCRIPTORS_H
#define STUNNEL_DESCRIPTORS_H

/*
 * Closes every descriptor from `first` on. Async-signal-safe, for use between
 * fork and exec. Returns 0, or -1 if the kernel has no way to tell which are open.
 */
int stunnel_close_from(int first);

/*
 * Makes a pair of connected local sockets of this type that no exec inherits.
 * Neither has the number of a standard stream: where the process has one of those
 * closed, what it reads or writes there would come from the pair, or go into it.
 * Returns 0, or -1 with errno.
 */
int stunnel_socket_pair(int type, int pair[static 2]);

/* Closes one descriptor and marks it closed. */
void stunnel_close(int *fd);

#endif
