/*
 * on STATE HOST [-u USER] COMMAND [ARGUMENT...]: run a command on a testbed host.
 *
 * The command gets the host's namespaces, the user's identity and a login's
 * environment; its arguments, standard streams, terminal and exit status are
 * passed through untouched. This process waits outside of the host, hands on
 * the signals that are sent to it, and takes the command along when it is
 * killed, so that ending it is the same as ending the command.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Exit statuses of env(1) and the shells. */
enum { EXIT_US = 125, EXIT_CANNOT_RUN = 126, EXIT_NOT_FOUND = 127, EXIT_SIGNAL = 128 };

/* The pid namespace comes first: it applies to the child of the fork, the others to that itself. */
static const char *const namespace_names[] = { "pid", "cgroup", "ipc", "uts", "net", "mnt" };
enum { NAMESPACES = sizeof(namespace_names) / sizeof(namespace_names[0]) };

/*
 * What makes a host: its namespaces, and its root directory, which is not that
 * of its mount namespace when the testbed was started in a chroot.
 */
struct host {
	int namespaces[NAMESPACES];
	int root;
};

static const int forwarded_signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2 };
enum { FORWARDED_SIGNALS = sizeof(forwarded_signals) / sizeof(forwarded_signals[0]) };

static long read_pid(const char *path)
{
	FILE *file = fopen(path, "re");
	long pid = 0;

	if (!file || fscanf(file, "%ld", &pid) != 1 || pid <= 0)
		errx(EXIT_US, "no such host, or the testbed is not up (%s)", path);
	fclose(file);
	return pid;
}

static int open_or_fail(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(EXIT_US, "the host is not up (%s)", path);
	return fd;
}

/*
 * Open what makes the host NAME. The switch namespace's /proc knows the hosts by
 * the pids that are written in its files; both are seen through the root
 * directory of the process that holds it.
 */
static struct host open_host(const char *state, const char *name)
{
	struct host host;
	char path[4096];
	long outer, pid;

	snprintf(path, sizeof(path), "%s/pid", state);
	outer = read_pid(path);
	snprintf(path, sizeof(path), "/proc/%ld/root%s/world/hosts/%s/pid", outer, state, name);
	pid = read_pid(path);
	for (int i = 0; i < NAMESPACES; i++) {
		snprintf(path, sizeof(path), "/proc/%ld/root/proc/%ld/ns/%s", outer, pid,
			 namespace_names[i]);
		host.namespaces[i] = open_or_fail(path);
	}
	snprintf(path, sizeof(path), "/proc/%ld/root/proc/%ld/root", outer, pid);
	host.root = open_or_fail(path);
	return host;
}

static void become(const struct passwd *user)
{
	if (initgroups(user->pw_name, user->pw_gid) < 0 ||
	    setresgid(user->pw_gid, user->pw_gid, user->pw_gid) < 0 ||
	    setresuid(user->pw_uid, user->pw_uid, user->pw_uid) < 0)
		err(EXIT_US, "cannot become %s", user->pw_name);
}

static void set_environment(const struct passwd *user)
{
	const char *term = getenv("TERM");
	const char *path = user->pw_uid == 0
		? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
		: "/usr/local/bin:/usr/bin:/bin";

	if (clearenv() != 0 ||
	    setenv("HOME", user->pw_dir, 1) < 0 ||
	    setenv("USER", user->pw_name, 1) < 0 ||
	    setenv("LOGNAME", user->pw_name, 1) < 0 ||
	    setenv("SHELL", user->pw_shell, 1) < 0 ||
	    setenv("LANG", "C.UTF-8", 1) < 0 ||
	    setenv("PATH", path, 1) < 0 ||
	    (term && setenv("TERM", term, 1) < 0))
		err(EXIT_US, "cannot set the environment");
}

static void reset_signals(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void run(const struct host *host, const char *user_name, char **command)
{
	const struct passwd *user;

	for (int i = 1; i < NAMESPACES; i++)
		if (setns(host->namespaces[i], 0) < 0)
			err(EXIT_US, "cannot enter the host's %s namespace", namespace_names[i]);
	if (fchdir(host->root) < 0 || chroot(".") < 0)
		err(EXIT_US, "cannot enter the host's root directory");

	/* Only now: the host has accounts of its own. */
	errno = 0;
	user = getpwnam(user_name);
	if (!user)
		errx(EXIT_US, "no such user on this host: %s", user_name);
	become(user);
	set_environment(user);
	umask(022);
	if (chdir(user->pw_dir) < 0 && chdir("/") < 0)
		err(EXIT_US, "/");
	reset_signals();
	/* After the change of identity, which clears it. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		err(EXIT_US, "PR_SET_PDEATHSIG");

	execvp(command[0], command);
	err(errno == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN, "%s", command[0]);
}

/* Wait for CHILD and return its exit status, in a shell's notation. */
static int await(pid_t child, const sigset_t *awaited)
{
	for (;;) {
		siginfo_t info;
		int status;

		if (sigwaitinfo(awaited, &info) < 0)
			continue;
		if (info.si_signo == SIGCHLD) {
			if (waitpid(child, &status, WNOHANG) != child)
				continue;
			return WIFSIGNALED(status) ? EXIT_SIGNAL + WTERMSIG(status)
						   : WEXITSTATUS(status);
		}
		/* A Ctrl-C goes to the whole foreground group: the command has it already. */
		if (info.si_code != SI_KERNEL)
			kill(child, info.si_signo);
	}
}

int main(int argc, char **argv)
{
	const char *user = "root";
	struct host host;
	sigset_t awaited;
	char **command;
	pid_t child;

	if (argc < 4 || strchr(argv[2], '/'))
		errx(EXIT_US, "usage: on STATE HOST [-u USER] COMMAND [ARGUMENT...]");
	command = argv + 3;
	if (strcmp(command[0], "-u") == 0) {
		if (argc < 6)
			errx(EXIT_US, "-u needs a user and a command");
		user = command[1];
		command += 2;
	}
	host = open_host(argv[1], argv[2]);
	if (setns(host.namespaces[0], CLONE_NEWPID) < 0)
		err(EXIT_US, "cannot enter the pid namespace of %s", argv[2]);

	sigemptyset(&awaited);
	sigaddset(&awaited, SIGCHLD);
	for (int i = 0; i < FORWARDED_SIGNALS; i++)
		sigaddset(&awaited, forwarded_signals[i]);
	sigprocmask(SIG_BLOCK, &awaited, NULL);
	/* An inherited SIG_IGN would reap the child before we can ask for its status. */
	signal(SIGCHLD, SIG_DFL);

	child = fork();
	if (child < 0)
		err(EXIT_US, "fork");
	if (child == 0)
		run(&host, user, command);
	return await(child, &awaited);
}
