/* SPDX-License-Identifier: Apache-2.0 */
#include "../src/directory.h"

#include "installation.h"
#include "tap.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { OTHER = 65534 };

static void listen_in(const char *file, int *fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", installation_path(file));
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK(*fd >= 0 && bind(*fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	CHECK(listen(*fd, 0) == 0);
}

static void all_files_go_and_no_link_is_followed(void)
{
	int fd;

	CHECK(mkdir(installation_path("control"), 0700) == 0 && mkdir(installation_path("other"), 0700) == 0);
	installation_write("other/file", "");
	installation_write("control/log", "");
	listen_in("control/ctl", &fd);
	CHECK(symlink(installation_path("other"), installation_path("control/link")) == 0);
	CHECK(symlink(installation_path("other/file"), installation_path("control/file")) == 0);
	CHECK(mkfifo(installation_path("control/fifo"), 0600) == 0);
	stunnel_directory_empty(installation_path("control"));
	CHECK(installation_has("control") && installation_has("other/file"));
	CHECK(rmdir(installation_path("control")) == 0 && close(fd) == 0);
}

static void the_directory_goes_too(void)
{
	CHECK(mkdir(installation_path("control"), 0700) == 0);
	installation_write("control/log", "");
	stunnel_directory_remove(installation_path("control"));
	CHECK(!installation_has("control"));
	stunnel_directory_remove(installation_path("control"));
}

static void a_link_instead_of_the_directory_is_left_alone(void)
{
	CHECK(mkdir(installation_path("other"), 0700) == 0);
	installation_write("other/file", "");
	CHECK(symlink(installation_path("other"), installation_path("control")) == 0);
	stunnel_directory_empty(installation_path("control"));
	stunnel_directory_remove(installation_path("control"));
	CHECK(installation_has("other/file") && installation_has("control"));
}

static void what_is_below_a_subdirectory_is_left_alone(void)
{
	CHECK(mkdir(installation_path("control"), 0700) == 0);
	CHECK(mkdir(installation_path("control/sub"), 0700) == 0);
	installation_write("control/sub/file", "");
	installation_write("control/log", "");
	stunnel_directory_remove(installation_path("control"));
	CHECK(installation_has("control/sub/file") && !installation_has("control/log"));
}

static void another_users_directory_is_left_alone(void)
{
	if (geteuid() != 0)
		tap_skip("needs root, to make another user's directory");
	CHECK(mkdir(installation_path("control"), 0777) == 0);
	installation_write("control/log", "");
	CHECK(chown(installation_path("control"), OTHER, OTHER) == 0);
	stunnel_directory_empty(installation_path("control"));
	CHECK(installation_has("control/log"));
}

static void a_listener_is_found_until_it_is_gone(void)
{
	int fd, second;

	CHECK(mkdir(installation_path("control"), 0700) == 0);
	CHECK(!stunnel_directory_listens(installation_path("control")));
	installation_write("control/log", "");
	listen_in("control/ctl", &fd);
	listen_in("control/other", &second);
	CHECK(close(second) == 0);
	/* The second time nobody has room for us: still there. */
	for (int i = 0; i < 3; i++)
		CHECK(stunnel_directory_listens(installation_path("control")));
	CHECK(close(fd) == 0);
	CHECK(installation_has("control/ctl") && !stunnel_directory_listens(installation_path("control")));
	/* One that a link leads to is somewhere else. */
	listen_in("elsewhere", &fd);
	CHECK(symlink(installation_path("elsewhere"), installation_path("control/link")) == 0);
	CHECK(!stunnel_directory_listens(installation_path("control")) && close(fd) == 0);
	/* Nothing is known of a directory that is not there. */
	CHECK(stunnel_directory_listens(installation_path("missing")));
}

/* Nobody listens until the end: a listener that is busy is reason enough to say no. */
static void it_is_ours_if_it_is_nobody_elses(void)
{
	int fd;

	CHECK(!stunnel_directory_is_ours(installation_path("control")));
	CHECK(mkdir(installation_path("control"), 0700) == 0);
	CHECK(stunnel_directory_is_ours(installation_path("control")));
	CHECK(chmod(installation_path("control"), 0710) == 0);
	CHECK(!stunnel_directory_is_ours(installation_path("control")));
	CHECK(chmod(installation_path("control"), 0700) == 0);
	if (geteuid() == 0) {
		CHECK(chown(installation_path("control"), OTHER, OTHER) == 0);
		CHECK(!stunnel_directory_is_ours(installation_path("control")));
		CHECK(chown(installation_path("control"), 0, 0) == 0);
	}
	CHECK(rename(installation_path("control"), installation_path("away")) == 0);
	CHECK(symlink(installation_path("away"), installation_path("control")) == 0);
	CHECK(!stunnel_directory_is_ours(installation_path("control")));
	CHECK(unlink(installation_path("control")) == 0);
	CHECK(rename(installation_path("away"), installation_path("control")) == 0);
	listen_in("control/ctl", &fd);
	CHECK(stunnel_directory_is_ours(installation_path("control")));
	CHECK(close(fd) == 0);
}

static void another_user_who_listens_in_it_is_seen(void)
{
	int fd;

	if (geteuid() != 0)
		tap_skip("needs root, to listen as another user");
	CHECK(mkdir(installation_path("control"), 0700) == 0);
	listen_in("control/ctl", &fd);
	/* The kernel tells who listened last. */
	CHECK(seteuid(OTHER) == 0 && listen(fd, 8) == 0 && seteuid(0) == 0);
	CHECK(!stunnel_directory_is_ours(installation_path("control")));
	CHECK(listen(fd, 8) == 0 && stunnel_directory_is_ours(installation_path("control")));
	CHECK(close(fd) == 0 && stunnel_directory_is_ours(installation_path("control")));
}

static const struct tap_case cases[] = {
	TAP_CASE(all_files_go_and_no_link_is_followed),
	TAP_CASE(the_directory_goes_too),
	TAP_CASE(a_link_instead_of_the_directory_is_left_alone),
	TAP_CASE(what_is_below_a_subdirectory_is_left_alone),
	TAP_CASE(another_users_directory_is_left_alone),
	TAP_CASE(a_listener_is_found_until_it_is_gone),
	TAP_CASE(it_is_ours_if_it_is_nobody_elses),
	TAP_CASE(another_user_who_listens_in_it_is_seen),
};

TAP_MAIN(cases)
