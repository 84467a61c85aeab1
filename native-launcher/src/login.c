/* SPDX-License-Identifier: Apache-2.0 */
#include "login.h"

#include "restart.h"
#include "stale.h"
#include "supervise.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

bool stunnel_login_prepare(struct stunnel_tunnel *tunnel, const struct stunnel_record *request,
			   size_t size)
{
	const char *directory = stunnel_record_get(request, "dir");

	/* A directory that is there already is not ours to use, and above all not to remove. */
	if (!directory || tunnel->traces.size > 0 || mkdir(directory, S_IRWXU) != 0)
		return false;
	stunnel_tunnel_keep(&tunnel->traces, request, size);
	stunnel_tunnel_keep(&tunnel->commands, request, size);
	return true;
}

void stunnel_login_begin(enum stunnel_login *login, struct stunnel_tunnel *tunnel,
			 const struct stunnel_runtime *runtime)
{
	tunnel->hold = stunnel_stale_hold(stunnel_record_get(&tunnel->traces, "dir"));
	*login = STUNNEL_LOGIN_RUNS;
	if (stunnel_restart_begin(tunnel) != 0)
		stunnel_login_discard(login, tunnel, runtime);
}

/* Before the runtime has begun anything, all children but itself are the login's. */
struct search {
	pid_t runtime, master;
};

static void note_master(pid_t pid, void *search)
{
	struct search *noted = search;

	if (pid != noted->runtime)
		noted->master = pid;
}

static void kill_unless_runtime(pid_t pid, void *runtime)
{
	if (pid == *(const pid_t *)runtime)
		return;
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}

bool stunnel_login_reaped(enum stunnel_login *login, struct stunnel_tunnel *tunnel,
			  const struct stunnel_runtime *runtime, pid_t pid, int status)
{
	struct search search = { .runtime = runtime->pid, .master = -1 };

	if (*login == STUNNEL_LOGIN_NONE || pid != tunnel->pid)
		return false;
	if (*login == STUNNEL_LOGIN_RUNS && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		stunnel_visit_children(note_master, &search);
		*login = STUNNEL_LOGIN_STANDS;
	}
	tunnel->step = NULL;
	tunnel->pid = search.master;
	/* It failed, or the master that it left did. */
	if (tunnel->pid < 0)
		stunnel_login_discard(login, tunnel, runtime);
	return true;
}

void stunnel_login_tell(enum stunnel_login login, const struct stunnel_tunnel *tunnel,
			struct stunnel_record *request)
{
	static const char *const keys[] = { "dir", "start", "preload" };

	if (login != STUNNEL_LOGIN_STANDS)
		return;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		for (const char *value = NULL;
		     (value = stunnel_record_next(&tunnel->commands, keys[i], value));)
			stunnel_record_add(request, keys[i], value);
	}
}

void stunnel_login_discard(enum stunnel_login *login, struct stunnel_tunnel *tunnel,
			   const struct stunnel_runtime *runtime)
{
	pid_t other = runtime->pid;

	if (*login == STUNNEL_LOGIN_NONE)
		return;
	if (*login == STUNNEL_LOGIN_RUNS)
		stunnel_visit_children(kill_unless_runtime, &other);
	else if (tunnel->pid > 0)
		kill_unless_runtime(tunnel->pid, &other);
	stunnel_tunnel_forget(tunnel);
	tunnel->step = NULL;
	*login = STUNNEL_LOGIN_NONE;
}
