/*
 * PID 1 of a testbed host: reaps what nobody else waits for.
 *
 * Without it the shepherds that srun leaves behind would stay as zombies and
 * every count of leaked processes would be wrong. When it ends, the kernel
 * kills everything else in the host's pid namespace: SIGTERM is "power off".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

static void reap_children(void)
{
	pid_t child;

	do
		child = waitpid(-1, NULL, WNOHANG);
	while (child > 0 || (child < 0 && errno == EINTR));
}

int main(void)
{
	sigset_t awaited;

	sigemptyset(&awaited);
	sigaddset(&awaited, SIGCHLD);
	sigaddset(&awaited, SIGTERM);
	sigprocmask(SIG_SETMASK, &awaited, NULL);

	/* Children that ended while the boot script was PID 1 left no signal for us. */
	for (;;) {
		reap_children();
		if (sigwaitinfo(&awaited, NULL) == SIGTERM)
			return EXIT_SUCCESS;
	}
}
