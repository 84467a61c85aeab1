/* SPDX-License-Identifier: Apache-2.0 */
#include "log.h"

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

void stunnel_log_begin(void)
{
	int null;

	if (fcntl(STDERR_FILENO, F_GETFD) >= 0)
		return;
	null = open("/dev/null", O_WRONLY);
	if (null >= 0 && null != STDERR_FILENO) {
		(void)dup2(null, STDERR_FILENO);
		(void)close(null);
	}
}

void stunnel_log_error(const char *format, ...)
{
	va_list arguments;

	/* vdprintf: a task's stdio buffers belong to nobody before its exec. */
	va_start(arguments, format);
	(void)vdprintf(STDERR_FILENO, format, arguments);
	va_end(arguments);
}

unsigned int stunnel_log_columns(void)
{
	const char *wanted = getenv("COLUMNS");
	unsigned long columns = wanted ? strtoul(wanted, NULL, 10) : 0;
	struct winsize size;

	if (columns > 0 && columns <= USHRT_MAX)
		return (unsigned int)columns;
	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void stunnel_log_text(const char *text)
{
	size_t length = text ? strlen(text) : 0;

	if (length > 0)
		stunnel_log_error("%s%s", text, text[length - 1] == '\n' ? "" : "\n");
}
