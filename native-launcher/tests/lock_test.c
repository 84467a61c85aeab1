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

/* No other case, and no real job, has this one. */
static const char *job_key(void)
{
	static char key[STUNNEL_KEY_LENGTH + 1];

	(void)snprintf(key, sizeof(key), "99%030lx", (long)getpid());
	return key;
}

static const char *name(void)
{
	static char path[96];

	(void)snprintf(path, sizeof(path), "/tmp/stunnel-%lu-%s.lock", (unsigned long)geteuid(),
		       job_key());
	return path;
}

static bool exists(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0;
}

static bool is_held(const struct stunnel_lock *lock)
{
	return lock->fd >= 0 && strcmp(lock->path, name()) == 0 && exists(name());
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

	CHECK(stunnel_lock_try(&lock, job_key()) == 0);
	CHECK(is_held(&lock));
	CHECK(lstat(name(), &status) == 0 && S_ISREG(status.st_mode));
	CHECK((status.st_mode & 077) == 0);
	CHECK((fcntl(lock.fd, F_GETFD) & FD_CLOEXEC) != 0);
	stunnel_lock_release(&lock);
	CHECK(lock.fd == -1 && !exists(name()));
	/* Released twice: whoever has it now keeps it. */
	create(name(), 0600);
	stunnel_lock_release(&lock);
	CHECK(unlink(name()) == 0);
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
	pid_t pid = holder(&leash, job_key());

	CHECK(stunnel_lock_try(&lock, job_key()) == -1 && errno == EWOULDBLOCK);
	CHECK(lock.fd == -1);
	CHECK(close(leash) == 0 && waitpid(pid, NULL, 0) == pid);
	CHECK(!exists(name()));
	CHECK(stunnel_lock_try(&lock, job_key()) == 0 && is_held(&lock));
	stunnel_lock_release(&lock);
}

static void is_taken_over_from_a_killed_holder(void)
{
	struct stunnel_lock lock = NO_LOCK;
	int leash;
	pid_t pid = holder(&leash, job_key());

	CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
	CHECK(exists(name()));
	CHECK(stunnel_lock_try(&lock, job_key()) == 0 && is_held(&lock));
	stunnel_lock_release(&lock);
	CHECK(!exists(name()) && close(leash) == 0);
}

/* Somebody has the name: the lock cannot be taken, and nothing happens to what is there. */
static void is_refused(void)
{
	struct stunnel_lock lock = NO_LOCK;
	int descriptors = tap_descriptors("self");

	CHECK(stunnel_lock_try(&lock, job_key()) == -1 && errno == EEXIST);
	CHECK(lock.fd == -1 && tap_descriptors("self") == descriptors && exists(name()));
}

static void a_link_is_no_lock(void)
{
	char target[160];

	(void)snprintf(target, sizeof(target), "%s/target", tap_directory());
	CHECK(symlink(target, name()) == 0);
	is_refused();
	CHECK(!exists(target));
	/* Not even one to a file of ours. */
	create(target, 0600);
	is_refused();
	CHECK(unlink(target) == 0 && unlink(name()) == 0);
}

static void a_name_of_another_kind_is_no_lock(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	CHECK(mkdir(name(), 0700) == 0);
	is_refused();
	/* A pipe that is nobody else's, and opens for reading and writing at once. */
	CHECK(rmdir(name()) == 0 && mkfifo(name(), 0600) == 0);
	is_refused();
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", name());
	CHECK(unlink(name()) == 0);
	CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	is_refused();
	CHECK(close(fd) == 0 && unlink(name()) == 0);
}

static void a_file_that_others_may_open_is_no_lock(void)
{
	create(name(), 0644);
	is_refused();
	CHECK(unlink(name()) == 0);
}

static void another_users_file_is_no_lock(void)
{
	needs_root();
	create(name(), 0666);
	CHECK(chown(name(), NOBODY, NOBODY) == 0);
	is_refused();
	CHECK(chmod(name(), 0600) == 0);
	is_refused();
	CHECK(unlink(name()) == 0);
}

/* open() of a leased file fails as flock() of a locked one does. */
static void another_users_lease_is_no_lock(void)
{
	int fd;

	needs_root();
	create(name(), 0666);
	CHECK(chown(name(), NOBODY, NOBODY) == 0);
	fd = open(name(), O_RDWR | O_CLOEXEC);
	CHECK(fd >= 0);
	/* The holder is asked by SIGIO to give way. */
	CHECK(signal(SIGIO, SIG_IGN) != SIG_ERR && fcntl(fd, F_SETLEASE, F_WRLCK) == 0);
	/* Nor is it waited for, as the kernel does for 45 s. */
	(void)alarm(20);
	is_refused();
	(void)alarm(0);
	CHECK(close(fd) == 0 && unlink(name()) == 0);
}

/* They come out of the user's environment. */
static void a_key_that_is_none_names_no_file(void)
{
	static const char *const keys[] = {
		"",
		"1",
		"0123456789abcdef0123456789abcde",
		"0123456789abcdef0123456789abcdef0",
		"0123456789ABCDEF0123456789abcdef",
		"/../../../../../../../../etc/pas",
		"0123456789abcdef0123456789abcde\n",
		"%s%s%s%s%s%s%s%s%s%s%s%s%s%s%s%n",
	};
	struct stunnel_lock lock = NO_LOCK;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		CHECK(!stunnel_lock_is_key(keys[i]));
		CHECK(stunnel_lock_try(&lock, keys[i]) == -1 && errno == EINVAL);
		CHECK(lock.fd == -1 && lock.path[0] == '\0');
	}
}

/* The holder that ends removes the name that we have opened already. */
static void release_in_between(void)
{
	CHECK(unlink(name()) == 0);
}

static void a_name_removed_in_between_is_not_taken(void)
{
	struct stunnel_lock lock = NO_LOCK;

	before_flock = release_in_between;
	CHECK(stunnel_lock_try(&lock, job_key()) == 0);
	CHECK(is_held(&lock));
	stunnel_lock_release(&lock);
}

static void replace_in_between(void)
{
	CHECK(unlink(name()) == 0);
	create(name(), 0600);
}

static void a_name_replaced_in_between_is_not_taken(void)
{
	struct stunnel_lock lock = NO_LOCK;
	struct stat named, held;

	before_flock = replace_in_between;
	CHECK(stunnel_lock_try(&lock, job_key()) == 0);
	CHECK(lstat(name(), &named) == 0 && fstat(lock.fd, &held) == 0);
	CHECK(named.st_ino == held.st_ino);
	stunnel_lock_release(&lock);
}

enum { RIVALS = 4, TURNS = 100 };

static void rivals_take_turns(void)
{
	atomic_int *inside = mmap(NULL, sizeof(*inside), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char number[STUNNEL_KEY_LENGTH + 1];
	int status;

	CHECK(inside != MAP_FAILED);
	(void)snprintf(number, sizeof(number), "%s", job_key());
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
	TAP_CASE(a_link_is_no_lock),
	TAP_CASE(a_name_of_another_kind_is_no_lock),
	TAP_CASE(a_file_that_others_may_open_is_no_lock),
	TAP_CASE(another_users_file_is_no_lock),
	TAP_CASE(another_users_lease_is_no_lock),
	TAP_CASE(a_key_that_is_none_names_no_file),
	TAP_CASE(a_name_removed_in_between_is_not_taken),
	TAP_CASE(a_name_replaced_in_between_is_not_taken),
	TAP_CASE(rivals_take_turns),
};

TAP_MAIN(cases)
