/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sanitizers' options, linked into what is built with them: the keeper
 * gets none by its environment, and has no standard error to report to.
 */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

const char *__asan_default_options(void)
{
	return "log_path=" STUNNEL_REPORTS ":exitcode=99:detect_stack_use_after_return=1";
}

const char *__ubsan_default_options(void)
{
	return "log_path=" STUNNEL_REPORTS ":print_stacktrace=1";
}
