/* SPDX-License-Identifier: Apache-2.0 */
#include "tunnel.h"

#include "supervise.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

void stunnel_tunnel_keep(struct stunnel_record *record, const struct stunnel_record *answer,
			 size_t size)
{
	stunnel_record_free(record);
	stunnel_record_append(record, answer->data, size);
}

void stunnel_tunnel_stop(struct stunnel_tunnel *tunnel)
{
	char **stop = stunnel_record_list(&tunnel->traces, "stop");
	const char *directory = stunnel_record_get(&tunnel->traces, "dir");

	stunnel_end_children(stop);
	free(stop);
	if (directory)
		stunnel_empty_directory(directory);
	tunnel->step = NULL;
}

void stunnel_tunnel_forget(struct stunnel_tunnel *tunnel)
{
	const char *directory = stunnel_record_get(&tunnel->traces, "dir");

	if (directory)
		stunnel_remove_directory(directory);
	stunnel_record_free(&tunnel->traces);
	stunnel_record_free(&tunnel->commands);
}

bool stunnel_tunnel_can_restart(const struct stunnel_tunnel *tunnel)
{
	return stunnel_record_get(&tunnel->commands, "start") != NULL;
}

bool stunnel_tunnel_is_lost(const struct stunnel_tunnel *tunnel)
{
	const char *directory = stunnel_record_get(&tunnel->traces, "dir");
	siginfo_t ignored;

	/* We are the subreaper of the master: no child left, no master left. */
	if (waitid(P_ALL, 0, &ignored, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD)
		return true;
	/* But ssh's ProxyCommand, or a shared connection to a jump host, can outlive it. */
	return directory && !stunnel_directory_listens(directory);
}

static int run(struct stunnel_tunnel *tunnel, const char *step)
{
	char **argv = stunnel_record_list(&tunnel->commands, step);

	tunnel->pid = argv ? stunnel_spawn(argv, -1) : -1;
	tunnel->step = tunnel->pid > 0 ? step : NULL;
	free(argv);
	return tunnel->pid > 0 ? 0 : -1;
}

int stunnel_tunnel_restart(struct stunnel_tunnel *tunnel)
{
	return run(tunnel, "start");
}

enum stunnel_restart stunnel_tunnel_reaped(struct stunnel_tunnel *tunnel, pid_t pid, int status)
{
	if (!tunnel->step || pid != tunnel->pid)
		return STUNNEL_RESTART_RUNS;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return STUNNEL_RESTART_FAILED;
	if (strcmp(tunnel->step, "start") == 0)
		return run(tunnel, "forward") == 0 ? STUNNEL_RESTART_RUNS : STUNNEL_RESTART_FAILED;
	tunnel->step = NULL;
	return STUNNEL_RESTART_DONE;
}
