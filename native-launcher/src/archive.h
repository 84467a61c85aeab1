/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive: the runtime's classes as the JVM wants them in memory, so that it
 * need not load them one by one. libexec/stunnel-tune makes it.
 */
#ifndef STUNNEL_ARCHIVE_H
#define STUNNEL_ARCHIVE_H

#include <stddef.h>

/*
 * Composes the path of the archive that fits the installation under `prefix` as
 * it is: its place, its JVM and its jars. One that was made for another is called
 * otherwise, since the JVM starts slower with an archive that it has to refuse
 * than with none. Returns 0, or -1 if there is no JVM or no jar. Whether the
 * archive exists is not looked at.
 */
int stunnel_archive_path(char *path, size_t size, const char *prefix);

#endif
