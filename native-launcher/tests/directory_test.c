/* SPDX-License-Identifier: Apache-2.0 */
#include "../src/directory.h"

#include "tap.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { OTHER = 65534 };

static const char *in_directory(const char *file)
{
	static char paths[4][256];
	static int next;
	char *path = paths[next++ % 4];

	(void)snprintf(path, sizeof(paths[0]), "%s/%s", tap_directory(), file);
	return path;
}

static bool exists(const char *file)
{
	struct stat status;

	return lstat(in_directory(file), &status) == 0;
}

static void create(const char *file)
{
	int fd = open(in_directory(file), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

	CHECK(fd >= 0 && close(fd) == 0);
}

static void listen_in(const char *file, int *fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", in_directory(file));
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK(*fd >= 0 && bind(*fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	CHECK(listen(*fd, 0) == 0);
}

static void all_files_go_and_no_link_is_followed(void)
{
	int fd;

	CHECK(mkdir(in_directory("control"), 0700) == 0 && mkdir(in_directory("other"), 0700) == 0);
	create("other/file");
	create("control/log");
	listen_in("control/ctl", &fd);
	CHECK(symlink(in_directory("other"), in_directory("control/link")) == 0);
	CHECK(symlink(in_directory("other/file"), in_directory("control/file")) == 0);
	CHECK(mkfifo(in_directory("control/fifo"), 0600) == 0);
	stunnel_directory_empty(in_directory("control"));
	CHECK(exists("control") && exists("other/file"));
	CHECK(rmdir(in_directory("control")) == 0 && close(fd) == 0);
}

static void the_directory_goes_too(void)
{
	CHECK(mkdir(in_directory("control"), 0700) == 0);
	create("control/log");
	stunnel_directory_remove(in_directory("control"));
	CHECK(!exists("control"));
	stunnel_directory_remove(in_directory("control"));
}

static void a_link_instead_of_the_directory_is_left_alone(void)
{
	CHECK(mkdir(in_directory("other"), 0700) == 0);
	create("other/file");
	CHECK(symlink(in_directory("other"), in_directory("control")) == 0);
	stunnel_directory_empty(in_directory("control"));
	stunnel_directory_remove(in_directory("control"));
	CHECK(exists("other/file") && exists("control"));
}

static void what_is_below_a_subdirectory_is_left_alone(void)
{
	CHECK(mkdir(in_directory("control"), 0700) == 0);
	CHECK(mkdir(in_directory("control/sub"), 0700) == 0);
	create("control/sub/file");
	create("control/log");
	stunnel_directory_remove(in_directory("control"));
	CHECK(exists("control/sub/file") && !exists("control/log"));
}

static void another_users_directory_is_left_alone(void)
{
	if (geteuid() != 0)
		tap_skip("needs root, to make another user's directory");
	CHECK(mkdir(in_directory("control"), 0777) == 0);
	create("control/log");
	CHECK(chown(in_directory("control"), OTHER, OTHER) == 0);
	stunnel_directory_empty(in_directory("control"));
	CHECK(exists("control/log"));
}

static void a_listener_is_found_until_it_is_gone(void)
{
	int fd, second;

	CHECK(mkdir(in_directory("control"), 0700) == 0);
	CHECK(!stunnel_directory_listens(in_directory("control")));
	create("control/log");
	listen_in("control/ctl", &fd);
	listen_in("control/other", &second);
	CHECK(close(second) == 0);
	/* The second time nobody has room for us: still there. */
	for (int i = 0; i < 3; i++)
		CHECK(stunnel_directory_listens(in_directory("control")));
	CHECK(close(fd) == 0);
	CHECK(exists("control/ctl") && !stunnel_directory_listens(in_directory("control")));
	/* Nothing is known of a directory that is not there. */
	CHECK(stunnel_directory_listens(in_directory("missing")));
}

static void it_is_ours_if_it_is_nobody_elses(void)
{
	int fd;

	CHECK(!stunnel_directory_is_ours(in_directory("control")));
	CHECK(mkdir(in_directory("control"), 0700) == 0);
	CHECK(stunnel_directory_is_ours(in_directory("control")));
	listen_in("control/ctl", &fd);
	CHECK(stunnel_directory_is_ours(in_directory("control")));
	CHECK(chmod(in_directory("control"), 0710) == 0);
	CHECK(!stunnel_directory_is_ours(in_directory("control")));
	CHECK(rename(in_directory("control"), in_directory("away")) == 0);
	CHECK(chmod(in_directory("away"), 0700) == 0);
	CHECK(symlink(in_directory("away"), in_directory("control")) == 0);
	CHECK(!stunnel_directory_is_ours(in_directory("control")));
	CHECK(close(fd) == 0);
}

static void another_user_who_listens_in_it_is_seen(void)
{
	int fd;

	if (geteuid() != 0)
		tap_skip("needs root, to listen as another user");
	CHECK(mkdir(in_directory("control"), 0700) == 0);
	listen_in("control/ctl", &fd);
	/* The kernel tells who listened last. */
	CHECK(seteuid(OTHER) == 0 && listen(fd, 8) == 0 && seteuid(0) == 0);
	CHECK(!stunnel_directory_is_ours(in_directory("control")));
	CHECK(listen(fd, 8) == 0 && stunnel_directory_is_ours(in_directory("control")));
	CHECK(close(fd) == 0 && stunnel_directory_is_ours(in_directory("control")));
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
