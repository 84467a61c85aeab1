/* SPDX-License-Identifier: Apache-2.0 */
#include "restart.h"

#include "files.h"
#include "supervise.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whether the control directory's name still leads to the one that we hold. */
static bool is_ours(const struct stunnel_tunnel *tunnel)
{
	const char *directory = stunnel_tunnel_directory(tunnel);
	struct stat held, named;

	return tunnel->hold > 0 && directory && fstat(tunnel->hold, &held) == 0 &&
	       lstat(directory, &named) == 0 && held.st_dev == named.st_dev &&
	       held.st_ino == named.st_ino;
}

bool stunnel_restart_is_possible(const struct stunnel_tunnel *tunnel)
{
	/* Where something removed it, another user can have made one of that name. */
	return stunnel_record_get(&tunnel->commands, "start") && is_ours(tunnel);
}

/* Starts a command of the restart; all but the first one talk to the new master. */
static int run(struct stunnel_tunnel *tunnel, const char *step, char **argv)
{
	bool start = strcmp(step, "start") == 0;
	bool safe = start || stunnel_tunnel_is_safe(tunnel);
	/* A ProxyCommand keeps it for as long as the tunnel stands. */
	int errors = start ? stunnel_files_open_errors(stunnel_tunnel_directory(tunnel)) : -1;

	tunnel->pid = argv && safe ? stunnel_spawn(argv, -1, errors) : -1;
	tunnel->step = tunnel->pid > 0 ? step : NULL;
	free(argv);
	if (errors >= 0)
		(void)close(errors);
	return tunnel->pid > 0 ? 0 : -1;
}

static int run_known(struct stunnel_tunnel *tunnel, const char *step)
{
	return run(tunnel, step, stunnel_record_list(&tunnel->commands, step));
}

/* The login alone is made with a library (nodelay.c), if the runtime told of one. */
int stunnel_restart_begin(struct stunnel_tunnel *tunnel)
{
	const char *library = stunnel_record_get(&tunnel->commands, "preload");
	int result = library ? setenv("LD_PRELOAD", library, 1) : 0;

	if (result == 0)
		result = run_known(tunnel, "start");
	(void)unsetenv("LD_PRELOAD");
	return result;
}

/* What sshd left of the lost tunnel is in the way of the forwards. */
static int run_after_start(struct stunnel_tunnel *tunnel)
{
	char **transfer = stunnel_tunnel_prepare_transfer(tunnel);

	return transfer ? run(tunnel, "transfer", transfer) : run_known(tunnel, "forward");
}

enum stunnel_restart stunnel_restart_reaped(struct stunnel_tunnel *tunnel, pid_t pid, int status)
{
	bool succeeded = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	int next = -1;

	if (!tunnel->step || pid != tunnel->pid)
		return STUNNEL_RESTART_RUNS;
	if (strcmp(tunnel->step, "forward") == 0 || strcmp(tunnel->step, "again") == 0) {
		bool again = strcmp(tunnel->step, "again") == 0;

		tunnel->step = NULL;
		if (succeeded)
			return STUNNEL_RESTART_DONE;
		/* The far sshd may still have our listener, for a client that it takes for alive. */
		next = again ? -1 : run_known(tunnel, "knock");
	} else if (strcmp(tunnel->step, "knock") == 0) {
		/* Whether that freed it is not said: it ends as well with whoever else listens there. */
		next = run(tunnel, "again", stunnel_record_list(&tunnel->commands, "forward"));
	} else if (strcmp(tunnel->step, "transfer") == 0) {
		next = run_known(tunnel, "forward");
	} else if (succeeded) {
		next = run_after_start(tunnel);
	}
	return next == 0 ? STUNNEL_RESTART_RUNS : STUNNEL_RESTART_FAILED;
}
