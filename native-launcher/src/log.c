/* SPDX-License-Identifier: Apache-2.0 */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void stunnel_log_error(const char *format, ...)
{
	va_list arguments;

	/* vdprintf: a task's stdio buffers belong to nobody before its exec. */
	va_start(arguments, format);
	(void)vdprintf(STDERR_FILENO, format, arguments);
	va_end(arguments);
}

void stunnel_log_text(const char *text)
{
	size_t length = text ? strlen(text) : 0;

	if (length > 0)
		stunnel_log_error("%s%s", text, text[length - 1] == '\n' ? "" : "\n");
}
