/* SPDX-License-Identifier: Apache-2.0 */
#include "../src/trust.h"

#include "installation.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Other users, for root to be. */
enum { NOBODY = 65534, SOMEBODY = 65533 };

typedef int examination(const char *prefix, char objection[static STUNNEL_OBJECTION_MAX]);

/* What a keeper is made of, the way to it, and who looks at that. */
static const struct part {
	const char *path;
	examination *examine;
} parts[] = {
	{ ".", stunnel_trust_keeper },
	{ "libexec", stunnel_trust_keeper },
	{ "libexec/stunnel-keeper", stunnel_trust_keeper },
	{ ".", stunnel_trust_runtime },
	{ "libexec", stunnel_trust_runtime },
	{ "libexec/java", stunnel_trust_runtime },
	{ "lib", stunnel_trust_runtime },
	{ "lib/java", stunnel_trust_runtime },
	{ "lib/java/stunnel-runtime.jar", stunnel_trust_runtime },
	{ "lib/java/jvm.options", stunnel_trust_runtime },
};

enum { PARTS = sizeof(parts) / sizeof(parts[0]) };

static char objection[STUNNEL_OBJECTION_MAX];

static void install(void)
{
	installation_make(STUNNEL_KEEPER);
	installation_write("lib/java/jvm.options", "");
	CHECK(stunnel_trust_keeper(tap_directory(), objection) == 0);
	CHECK(stunnel_trust_runtime(tap_directory(), objection) == 0);
}

static void install_as_root(void)
{
	if (geteuid() != 0)
		tap_skip("needs root, to make another user's file");
	install();
}

/* The objection is to this very path, and says what to do. */
static bool objects_to(const char *file, const char *why)
{
	char path[PATH_MAX];

	/* "." is the prefix itself. */
	(void)snprintf(path, sizeof(path), "%s%s%s%s", tap_directory(), file[0] == '.' ? "" : "/",
		       file[0] == '.' ? "" : file, why);
	return strncmp(objection, path, strlen(path)) == 0 && strstr(objection, "\n  next: ");
}

/* What `examine` says to another user. */
static bool is_trusted_by(uid_t uid, examination *examine)
{
	pid_t pid = fork();
	int status;

	CHECK(pid >= 0);
	if (pid == 0)
		_exit(setresuid(uid, uid, uid) != 0 || examine(tap_directory(), objection) != 0);
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status) == 0;
}

static void what_others_can_write_is_not_trusted(void)
{
	static const mode_t modes[] = { 0020, 0002, 0022 };

	install();
	for (int i = 0; i < PARTS; i++) {
		for (size_t m = 0; m < sizeof(modes) / sizeof(modes[0]); m++) {
			const char *path = installation_path(parts[i].path);

			CHECK(chmod(path, 0755 | modes[m]) == 0);
			CHECK(parts[i].examine(tap_directory(), objection) == -1);
			CHECK(objects_to(parts[i].path, " can be written by others"));
			CHECK(chmod(path, 0755) == 0);
			CHECK(parts[i].examine(tap_directory(), objection) == 0);
		}
	}
}

static void what_belongs_to_somebody_else_is_not_trusted(void)
{
	install_as_root();
	for (int i = 0; i < PARTS; i++) {
		const char *path = installation_path(parts[i].path);

		CHECK(chown(path, NOBODY, NOBODY) == 0);
		CHECK(parts[i].examine(tap_directory(), objection) == -1);
		CHECK(objects_to(parts[i].path, " belongs to uid 65534"));
		CHECK(!is_trusted_by(SOMEBODY, parts[i].examine));
		CHECK(chown(path, 0, 0) == 0);
	}
}

/* Of an installation for all a user may not own a part, not even for the own tunnels. */
static void what_belongs_to_the_user_is_not_trusted_either(void)
{
	install_as_root();
	CHECK(chown(installation_path("lib/java/stunnel-runtime.jar"), NOBODY, NOBODY) == 0);
	CHECK(!is_trusted_by(NOBODY, stunnel_trust_runtime));
}

static void a_private_installation_is_trusted_by_its_owner_alone(void)
{
	install_as_root();
	for (int i = 0; i < PARTS; i++)
		CHECK(chown(installation_path(parts[i].path), NOBODY, NOBODY) == 0);
	CHECK(is_trusted_by(NOBODY, stunnel_trust_keeper));
	CHECK(is_trusted_by(NOBODY, stunnel_trust_runtime));
	CHECK(!is_trusted_by(SOMEBODY, stunnel_trust_keeper));
	CHECK(!is_trusted_by(SOMEBODY, stunnel_trust_runtime));
	CHECK(stunnel_trust_keeper(tap_directory(), objection) == -1);
	CHECK(chmod(installation_path("lib/java"), 0775) == 0);
	CHECK(!is_trusted_by(NOBODY, stunnel_trust_runtime));
}

static void a_directory_with_the_sticky_bit_is_trusted(void)
{
	install();
	CHECK(chmod(installation_path("lib"), 01777) == 0);
	CHECK(stunnel_trust_runtime(tap_directory(), objection) == 0);
	CHECK(chmod(installation_path("lib/java/jvm.options"), 01777) == 0);
	CHECK(stunnel_trust_runtime(tap_directory(), objection) == -1);
	CHECK(objects_to("lib/java/jvm.options", " can be written by others than its owner (mode 01777)"));
}

/* libexec/java is a link, and so may any directory on the way be. */
static void links_are_followed_and_all_that_they_pass_is_looked_at(void)
{
	static const char *const targets[] = { "../jdk/current/java", "%s/jdk/current/java",
					       "%s/lib/.././jdk//current/java" };
	char target[PATH_MAX];

	install();
	CHECK(mkdir(installation_path("jdk"), 0755) == 0);
	CHECK(mkdir(installation_path("jdk/17"), 0755) == 0);
	CHECK(symlink("17", installation_path("jdk/current")) == 0);
	CHECK(rename(installation_path("libexec/java"), installation_path("jdk/17/java")) == 0);
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		bool relative = targets[i][0] == '.';

		(void)snprintf(target, sizeof(target), "%s%s", relative ? "" : tap_directory(),
			       targets[i] + (relative ? 0 : 2));
		CHECK(symlink(target, installation_path("libexec/java")) == 0);
		CHECK(stunnel_trust_runtime(tap_directory(), objection) == 0);
		for (const char *const *part = (const char *const[]){ "jdk", "jdk/17", "jdk/17/java", NULL };
		     *part; part++) {
			CHECK(chmod(installation_path(*part), 0775) == 0);
			CHECK(stunnel_trust_runtime(tap_directory(), objection) == -1);
			CHECK(objects_to(*part, " can be written by others"));
			CHECK(chmod(installation_path(*part), 0755) == 0);
		}
		CHECK(unlink(installation_path("libexec/java")) == 0);
	}
}

static void a_link_of_somebody_else_is_not_trusted(void)
{
	install_as_root();
	CHECK(rename(installation_path("libexec/java"), installation_path("java")) == 0);
	CHECK(symlink("../java", installation_path("libexec/java")) == 0);
	CHECK(stunnel_trust_runtime(tap_directory(), objection) == 0);
	CHECK(lchown(installation_path("libexec/java"), NOBODY, NOBODY) == 0);
	CHECK(stunnel_trust_runtime(tap_directory(), objection) == -1);
	CHECK(objects_to("libexec/java", " belongs to uid 65534"));
}

static void a_link_without_end_is_not_trusted(void)
{
	install();
	CHECK(unlink(installation_path("libexec/java")) == 0);
	CHECK(symlink("java", installation_path("libexec/java")) == 0);
	CHECK(stunnel_trust_runtime(tap_directory(), objection) == -1);
	CHECK(objects_to("libexec/java", " is a link that leads too far"));
}

static void a_path_that_is_too_long_is_not_trusted(void)
{
	char text[PATH_MAX];
	size_t length = 0;

	install();
	CHECK(unlink(installation_path("libexec/java")) == 0);
	while (length < sizeof(text) - 4)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "./");
	CHECK(symlink(text, installation_path("libexec/here")) == 0);
	CHECK(symlink("here/here", installation_path("libexec/java")) == 0);
	CHECK(stunnel_trust_runtime(tap_directory(), objection) == -1);
	CHECK(objects_to("libexec/here", " is a link that leads too far"));
	CHECK(stunnel_trust_runtime(text, objection) == -1);
	CHECK(strstr(objection, " is too long a path"));
}

/* That it is missing is told by whoever wants to start it. */
static void what_is_missing_is_no_matter_of_trust(void)
{
	install();
	CHECK(unlink(installation_path("libexec/java")) == 0);
	CHECK(unlink(installation_path("lib/java/stunnel-runtime.jar")) == 0);
	CHECK(stunnel_trust_runtime(tap_directory(), objection) == 0);
	CHECK(stunnel_trust_runtime("/nonexistent/prefix", objection) == 0);
}

static void a_folder_that_cannot_be_listed_is_not_trusted(void)
{
	install_as_root();
	CHECK(chmod(installation_path("lib/java"), 0711) == 0);
	CHECK(!is_trusted_by(NOBODY, stunnel_trust_runtime));
	CHECK(chmod(installation_path("lib/java"), 0755) == 0);
	CHECK(is_trusted_by(NOBODY, stunnel_trust_runtime));
}

/* Not for want of descriptors either: Java may have them. */
static void a_folder_that_cannot_be_opened_is_not_trusted(void)
{
	struct rlimit before, none;

	install();
	CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
	none = (struct rlimit){ .rlim_cur = 0, .rlim_max = before.rlim_max };
	CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
	CHECK(stunnel_trust_runtime(tap_directory(), objection) == -1);
	CHECK(strstr(objection, "/lib/java cannot be read: Too many open files"));
	CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
	CHECK(stunnel_trust_runtime(tap_directory(), objection) == 0);
}

static const struct tap_case cases[] = {
	TAP_CASE(what_others_can_write_is_not_trusted),
	TAP_CASE(what_belongs_to_somebody_else_is_not_trusted),
	TAP_CASE(what_belongs_to_the_user_is_not_trusted_either),
	TAP_CASE(a_private_installation_is_trusted_by_its_owner_alone),
	TAP_CASE(a_directory_with_the_sticky_bit_is_trusted),
	TAP_CASE(links_are_followed_and_all_that_they_pass_is_looked_at),
	TAP_CASE(a_link_of_somebody_else_is_not_trusted),
	TAP_CASE(a_link_without_end_is_not_trusted),
	TAP_CASE(a_path_that_is_too_long_is_not_trusted),
	TAP_CASE(what_is_missing_is_no_matter_of_trust),
	TAP_CASE(a_folder_that_cannot_be_listed_is_not_trusted),
	TAP_CASE(a_folder_that_cannot_be_opened_is_not_trusted),
};

TAP_MAIN(cases)
