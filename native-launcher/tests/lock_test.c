/* SPDX-License-Identifier: Apache-2.0 */
#include "../src/lock.h"

#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define NO_LOCK { .fd = -1 }

/* Another user, for root to be. */
enum { NOBODY = 65534 };

/* No other case, and no real job, has this number. */
static const char *job(void)
{
	static char number[32];

	(void)snprintf(number, sizeof(number), "99%ld", (long)getpid());
	return number;
}

static const char *name(int number)
{
	static char path[80];

	(void)snprintf(path, sizeof(path), "/tmp/stunnel-%lu-job%s.lock%d",
		       (unsigned long)geteuid(), job(), number);
	return path;
}

static bool exists(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0;
}

static bool is_held_as(const struct stunnel_lock *lock, int number)
{
	return lock->fd >= 0 && strcmp(lock->path, name(number)) == 0 && exists(name(number));
}

static void create(const char *path, mode_t mode)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

	CHECK(fd >= 0);
	CHECK(fchmod(fd, mode) == 0 && close(fd) == 0);
}

static void needs_root(void)
{
	if (geteuid() != 0)
		tap_skip("needs root, to make another user's file");
}

/* --- calls of the lock's own, with which a test may interfere ------------- */

/* Runs once, just before the next flock(). */
static void (*before_flock)(void);

int __real_flock(int fd, int operation);
int __wrap_flock(int fd, int operation);

int __wrap_flock(int fd, int operation)
{
	void (*interfere)(void) = before_flock;

	before_flock = NULL;
	if (interfere)
		interfere();
	return __real_flock(fd, operation);
}

/* --- cases --------------------------------------------------------------- */

static void is_taken_and_leaves_nothing(void)
{
	struct stunnel_lock lock = NO_LOCK;
	struct stat status;

	CHECK(stunnel_lock_try(&lock, job()) == 0);
	CHECK(is_held_as(&lock, 0));
	CHECK(lstat(name(0), &status) == 0 && S_ISREG(status.st_mode));
	CHECK((status.st_mode & 077) == 0);
	CHECK((fcntl(lock.fd, F_GETFD) & FD_CLOEXEC) != 0);
	stunnel_lock_release(&lock);
	CHECK(lock.fd == -1 && !exists(name(0)));
	/* Released twice: whoever has it now keeps it. */
	create(name(0), 0600);
	stunnel_lock_release(&lock);
	CHECK(unlink(name(0)) == 0);
}

/* A process that takes the lock and holds it until its standard input ends. */
static pid_t holder(int *leash, const char *number)
{
	int order[2], report[2];
	char byte = 0;
	pid_t pid;

	CHECK(pipe2(order, O_CLOEXEC) == 0 && pipe2(report, O_CLOEXEC) == 0);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		struct stunnel_lock lock = NO_LOCK;

		(void)close(order[1]);
		byte = stunnel_lock_try(&lock, number) == 0 ? '+' : '-';
		(void)!write(report[1], &byte, 1);
		(void)!read(order[0], &byte, 1);
		stunnel_lock_release(&lock);
		_exit(0);
	}
	CHECK(close(report[1]) == 0 && close(order[0]) == 0);
	CHECK(read(report[0], &byte, 1) == 1 && byte == '+');
	CHECK(close(report[0]) == 0);
	*leash = order[1];
	return pid;
}

static void has_one_holder_at_a_time(void)
{
	struct stunnel_lock lock = NO_LOCK;
	int leash;
	pid_t pid = holder(&leash, job());

	CHECK(stunnel_lock_try(&lock, job()) == -1 && errno == EWOULDBLOCK);
	CHECK(lock.fd == -1);
	CHECK(close(leash) == 0 && waitpid(pid, NULL, 0) == pid);
	CHECK(!exists(name(0)));
	CHECK(stunnel_lock_try(&lock, job()) == 0 && is_held_as(&lock, 0));
	stunnel_lock_release(&lock);
}

static void is_taken_over_from_a_killed_holder(void)
{
	struct stunnel_lock lock = NO_LOCK;
	int leash;
	pid_t pid = holder(&leash, job());

	CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
	CHECK(exists(name(0)));
	CHECK(stunnel_lock_try(&lock, job()) == 0 && is_held_as(&lock, 0));
	stunnel_lock_release(&lock);
	CHECK(!exists(name(0)) && close(leash) == 0);
}

static void names_of_other_kinds_are_passed_over(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct stunnel_lock lock = NO_LOCK;
	char target[160];
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(target, sizeof(target), "%s/target", tap_directory());
	CHECK(symlink(target, name(0)) == 0);
	CHECK(mkdir(name(1), 0700) == 0);
	CHECK(mkfifo(name(2), 0666) == 0);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", name(3));
	CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	CHECK(close(fd) == 0);
	/* Ours by its owner, but others could have put it there, open to all. */
	create(name(4), 0644);
	CHECK(stunnel_lock_try(&lock, job()) == 0 && is_held_as(&lock, 5));
	stunnel_lock_release(&lock);
	CHECK(!exists(target) && !exists(name(5)));
	CHECK(unlink(name(0)) == 0 && rmdir(name(1)) == 0);
	for (int i = 2; i < 5; i++)
		CHECK(unlink(name(i)) == 0);
}

static void a_link_to_a_file_of_ours_is_passed_over(void)
{
	struct stunnel_lock lock = NO_LOCK;
	char target[160];

	(void)snprintf(target, sizeof(target), "%s/target", tap_directory());
	create(target, 0600);
	CHECK(symlink(target, name(0)) == 0);
	CHECK(stunnel_lock_try(&lock, job()) == 0 && is_held_as(&lock, 1));
	stunnel_lock_release(&lock);
	CHECK(exists(target) && unlink(name(0)) == 0);
}

static void another_users_file_is_passed_over(void)
{
	struct stunnel_lock lock = NO_LOCK;

	needs_root();
	create(name(0), 0666);
	create(name(1), 0600);
	CHECK(chown(name(0), NOBODY, NOBODY) == 0 && chown(name(1), NOBODY, NOBODY) == 0);
	CHECK(stunnel_lock_try(&lock, job()) == 0 && is_held_as(&lock, 2));
	stunnel_lock_release(&lock);
	CHECK(unlink(name(0)) == 0 && unlink(name(1)) == 0);
}

/* open() of a leased file fails as flock() of a locked one does. */
static void another_users_lease_is_no_lock(void)
{
	struct stunnel_lock lock = NO_LOCK;
	int fd;

	needs_root();
	create(name(0), 0666);
	CHECK(chown(name(0), NOBODY, NOBODY) == 0);
	fd = open(name(0), O_RDWR | O_CLOEXEC);
	CHECK(fd >= 0);
	/* The holder is asked by SIGIO to give way. */
	CHECK(signal(SIGIO, SIG_IGN) != SIG_ERR && fcntl(fd, F_SETLEASE, F_WRLCK) == 0);
	CHECK(stunnel_lock_try(&lock, job()) == 0 && is_held_as(&lock, 1));
	stunnel_lock_release(&lock);
	CHECK(close(fd) == 0 && unlink(name(0)) == 0);
}

static void fails_when_all_names_are_taken(void)
{
	struct stunnel_lock lock = NO_LOCK;

	for (int i = 0; i < 64; i++)
		CHECK(mkdir(name(i), 0700) == 0);
	CHECK(stunnel_lock_try(&lock, job()) == -1 && errno == EEXIST && lock.fd == -1);
	for (int i = 0; i < 64; i++)
		CHECK(rmdir(name(i)) == 0);
}

static void a_jobs_number_that_is_none_is_refused(void)
{
	struct stunnel_lock lock = NO_LOCK;

	CHECK(stunnel_lock_try(&lock, "123456789012345678901234567890123456789012345") == -1);
	CHECK(errno == ENAMETOOLONG && lock.fd == -1);
}

/* The holder that ends removes the name that we have opened already. */
static void release_in_between(void)
{
	CHECK(unlink(name(0)) == 0);
}

static void a_name_removed_in_between_is_not_taken(void)
{
	struct stunnel_lock lock = NO_LOCK;

	before_flock = release_in_between;
	CHECK(stunnel_lock_try(&lock, job()) == 0);
	CHECK(is_held_as(&lock, 0));
	stunnel_lock_release(&lock);
}

static void replace_in_between(void)
{
	CHECK(unlink(name(0)) == 0);
	create(name(0), 0600);
}

static void a_name_replaced_in_between_is_not_taken(void)
{
	struct stunnel_lock lock = NO_LOCK;
	struct stat named, held;

	before_flock = replace_in_between;
	CHECK(stunnel_lock_try(&lock, job()) == 0);
	CHECK(lstat(name(0), &named) == 0 && fstat(lock.fd, &held) == 0);
	CHECK(named.st_ino == held.st_ino);
	stunnel_lock_release(&lock);
}

enum { RIVALS = 4, TURNS = 100 };

static void rivals_take_turns(void)
{
	atomic_int *inside = mmap(NULL, sizeof(*inside), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char number[32];
	int status;

	CHECK(inside != MAP_FAILED);
	(void)snprintf(number, sizeof(number), "%s", job());
	for (int rival = 0; rival < RIVALS; rival++) {
		pid_t pid = fork();

		CHECK(pid >= 0);
		for (int turn = 0; pid == 0 && turn < TURNS;) {
			struct stunnel_lock lock = NO_LOCK;

			if (stunnel_lock_try(&lock, number) == 0) {
				CHECK(atomic_fetch_add(inside, 1) == 0);
				(void)sched_yield();
				CHECK(atomic_fetch_sub(inside, 1) == 1);
				turn++;
			} else {
				CHECK(errno == EWOULDBLOCK);
			}
			stunnel_lock_release(&lock);
		}
		if (pid == 0)
			_exit(0);
	}
	for (int rival = 0; rival < RIVALS; rival++)
		CHECK(wait(&status) > 0 && status == 0);
	CHECK(munmap(inside, sizeof(*inside)) == 0);
}

static const struct tap_case cases[] = {
	TAP_CASE(is_taken_and_leaves_nothing),
	TAP_CASE(has_one_holder_at_a_time),
	TAP_CASE(is_taken_over_from_a_killed_holder),
	TAP_CASE(names_of_other_kinds_are_passed_over),
	TAP_CASE(a_link_to_a_file_of_ours_is_passed_over),
	TAP_CASE(another_users_file_is_passed_over),
	TAP_CASE(another_users_lease_is_no_lock),
	TAP_CASE(fails_when_all_names_are_taken),
	TAP_CASE(a_jobs_number_that_is_none_is_refused),
	TAP_CASE(a_name_removed_in_between_is_not_taken),
	TAP_CASE(a_name_replaced_in_between_is_not_taken),
	TAP_CASE(rivals_take_turns),
};

TAP_MAIN(cases)
