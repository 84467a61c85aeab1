/* SPDX-License-Identifier: Apache-2.0 */
#include "detach.h"

#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

/* A keeper built for the tests is in a hurry. */
#ifndef STUNNEL_HASTE
#define STUNNEL_HASTE 1
#endif

/* For the user directory to answer: less than srun waits for the tunnel. */
enum { DIRECTORY_MS = STUNNEL_HASTE > 1 ? 3000 : 10000 };

static int told; /* the channel to the launcher */

/* Nothing of the Slurm process stays open but the channel. */
static int keep_only(int channel, int target)
{
	int null;

	if (channel != target && dup2(channel, target) < 0)
		return -1;
	if (fcntl(target, F_SETFD, FD_CLOEXEC) != 0)
		return -1;
	if (stunnel_close_from(target + 1) != 0)
		return -1;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd < target; fd++) {
		if (null < 0 || (fd != null && dup2(null, fd) < 0))
			return -1;
	}
	/* Where the Slurm process had one of them closed, it is that one. */
	return null < target ? fcntl(null, F_SETFD, 0) : close(null);
}

/* Leaves the caller's session, or dies with it. Returns 0 or -1. */
static int settle(pid_t parent)
{
	pid_t pid = parent == 0 ? fork() : 0;

	if (pid != 0)
		_exit(pid < 0);
	if (parent > 0 && (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent))
		return -1;
	if (setsid() < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) != 0 || chdir("/") != 0)
		return -1;
	(void)umask(077);
	return 0;
}

/* Signals arrive by descriptor, or not at all; children get the defaults back. */
static int signal_descriptor(void)
{
	sigset_t heeded, all;

	for (int signal = 1; signal < NSIG; signal++) {
		if (signal != SIGKILL && signal != SIGSTOP)
			(void)sigaction(signal, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
	}
	if (sigfillset(&all) != 0 || sigemptyset(&heeded) != 0 ||
	    sigaddset(&heeded, SIGCHLD) != 0 || sigaddset(&heeded, SIGTERM) != 0 ||
	    sigaddset(&heeded, SIGUSR1) != 0 ||
	    sigprocmask(SIG_SETMASK, &all, NULL) != 0)
		return -1;
	return signalfd(-1, &heeded, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Leaves word of why there is no keeper, where its launcher looks for an answer. */
static void tell(const char *message, size_t size)
{
	(void)!write(told, message, size);
}

static _Noreturn void give_up_on_directory(int number)
{
	static const char message[] =
		"reason=the user directory of this host does not answer: "
		"ask the administrator whether `getent passwd` works here\0";

	(void)number;
	tell(message, sizeof(message));
	_exit(1);
}

/* The user directory may be a service that hangs, and nobody waits for us for ever. */
static const struct passwd *find_user(void)
{
	static const char message[] =
		"reason=this host knows no user with your number: "
		"ask the administrator why `getent passwd` does not know you here\0";
	const struct itimerval limit = { .it_value = { .tv_sec = DIRECTORY_MS / 1000,
						       .tv_usec = DIRECTORY_MS % 1000 * 1000L } };
	const struct itimerval none = { 0 };
	const struct passwd *user;
	sigset_t alarm;

	(void)signal(SIGALRM, give_up_on_directory);
	(void)sigemptyset(&alarm);
	(void)sigaddset(&alarm, SIGALRM);
	(void)sigprocmask(SIG_UNBLOCK, &alarm, NULL);
	(void)setitimer(ITIMER_REAL, &limit, NULL);
	user = getpwuid(getuid());
	(void)setitimer(ITIMER_REAL, &none, NULL);
	if (!user)
		tell(message, sizeof(message));
	return user;
}

static int set_environment(void)
{
	static const char *const kept[] = STUNNEL_KEPT_VARIABLES;
	enum { KEPT = sizeof(kept) / sizeof(kept[0]) };
	const struct passwd *user = find_user();
	char *values[KEPT] = { NULL };
	int failed = 0;

	for (int i = 0; i < KEPT; i++) {
		const char *value = getenv(kept[i]);

		values[i] = value ? strdup(value) : NULL;
		failed |= value && !values[i];
	}
	failed |= !user || clearenv() != 0;
	for (int i = 0; i < KEPT; i++) {
		failed |= values[i] && setenv(kept[i], values[i], 1) != 0;
		free(values[i]);
	}
	if (failed)
		return -1;
	failed |= setenv("PATH", "/usr/local/bin:/usr/bin:/bin", 1);
	failed |= setenv("HOME", user->pw_dir, 1);
	failed |= setenv("USER", user->pw_name, 1);
	failed |= setenv("LOGNAME", user->pw_name, 1);
	failed |= setenv("LANG", "C.UTF-8", 1);
	return failed;
}

/* 1,000 listeners need 1,000 descriptors in ssh: the soft limit goes up. */
static void set_limits(void)
{
	const struct rlimit no_core = { 0, 0 };
	struct rlimit files;

	(void)setrlimit(RLIMIT_CORE, &no_core);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
}

int stunnel_detach(int channel, int target, pid_t parent)
{
	told = target;
	if (keep_only(channel, target) != 0 || settle(parent) != 0 || set_environment() != 0)
		return -1;
	set_limits();
	return signal_descriptor();
}
