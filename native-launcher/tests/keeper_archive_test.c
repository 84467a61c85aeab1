/* SPDX-License-Identifier: Apache-2.0 */
/* The archive of classes that the keeper passes to the runtime, and when it does without. */
#include "installation.h"
#include "launcher.h"
#include "tap.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* An archive that fits the installation, by the name that the keeper itself gives it. */
static void make_archive(void)
{
	char command[512], path[512] = "";
	FILE *names;

	CHECK(mkdir(installation_path("lib/server"), 0755) == 0);
	installation_write("lib/server/libjvm.so", "");
	(void)snprintf(command, sizeof(command), "%s --archive",
		       installation_path("libexec/stunnel-keeper"));
	names = popen(command, "re"); /* NOLINT(cert-env33-c): a path of ours */
	CHECK(names && fgets(path, sizeof(path), names) && pclose(names) == 0);
	path[strcspn(path, "\n")] = '\0';
	CHECK(strncmp(path, tap_directory(), strlen(tap_directory())) == 0);
	installation_write(path + strlen(tap_directory()) + 1, "");
}

static int archives_passed(void)
{
	int count = 0;

	for (const char *at = installation_read("arguments");
	     (at = strstr(at, "-XX:SharedArchiveFile=")); at++)
		count++;
	return count;
}

static void an_archive_that_fits_is_passed(void)
{
	installation_make(STUNNEL_KEEPER);
	installation_script(0, OK EOF_);
	make_archive();
	start_keeper(STUNNEL_CHILD);
	ask("check");
	CHECK(is_answered("ok") && archives_passed() == 1);
	stunnel_keeper_hang_up(&keeper);
	ends();
}

static void an_archive_of_other_jars_is_not_passed(void)
{
	installation_make(STUNNEL_KEEPER);
	installation_script(0, OK EOF_);
	make_archive();
	installation_write("lib/java/stunnel-runtime.jar", "another");
	start_keeper(STUNNEL_CHILD);
	ask("check");
	CHECK(is_answered("ok") && archives_passed() == 0);
	stunnel_keeper_hang_up(&keeper);
	ends();
}

static void an_archive_of_another_jvm_is_not_passed(void)
{
	installation_make(STUNNEL_KEEPER);
	installation_script(0, OK EOF_);
	make_archive();
	installation_write("lib/server/libjvm.so", "another");
	start_keeper(STUNNEL_CHILD);
	ask("check");
	CHECK(is_answered("ok") && archives_passed() == 0);
	stunnel_keeper_hang_up(&keeper);
	ends();
}

static void a_damaged_archive_is_done_without(void)
{
	installation_make(STUNNEL_KEEPER);
	installation_script(0, TAKE "die\n");
	installation_script(2, OK OPENING UP READY EOF_);
	make_archive();
	start_keeper(STUNNEL_CHILD);
	ask("check");
	CHECK(is_answered("ok") && archives_passed() == 1);
	open_tunnel();
	CHECK(installation_count("starts", "java           ") == 2);
	end_lifeline();
}

static void an_archive_is_not_to_blame_twice(void)
{
	installation_make(STUNNEL_KEEPER);
	installation_script(0, TAKE "die\n");
	make_archive();
	start_keeper(STUNNEL_CHILD);
	ask("check");
	CHECK(is_answered("failed") && says("ended without an answer"));
	CHECK(installation_count("starts", "java           ") == 2);
	ends();
}

static void a_tunnel_that_was_begun_is_not_begun_again(void)
{
	installation_make(STUNNEL_KEEPER);
	installation_script(0, OPENING "run start\ndie\n");
	make_archive();
	start_keeper(STUNNEL_CHILD);
	ask("open");
	CHECK(is_answered("failed") && says("ended without an answer"));
	CHECK(installation_count("starts", "java           ") == 1);
	ends();
}

static const struct tap_case cases[] = {
	TAP_CASE(an_archive_that_fits_is_passed),
	TAP_VARIATION(an_archive_of_other_jars_is_not_passed),
	TAP_VARIATION(an_archive_of_another_jvm_is_not_passed),
	TAP_CASE(a_damaged_archive_is_done_without),
	TAP_VARIATION(an_archive_is_not_to_blame_twice),
	TAP_CASE(a_tunnel_that_was_begun_is_not_begun_again),
};

TAP_MAIN(cases)
