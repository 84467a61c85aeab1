/* SPDX-License-Identifier: Apache-2.0 */
#include "login.h"

#include "stale.h"
#include "supervise.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

void stunnel_login_begin(struct stunnel_session *session, size_t size)
{
	struct stunnel_tunnel *tunnel = &session->tunnel;
	const struct stunnel_record *request = &session->plugin.requests;
	const char *directory = stunnel_record_get(request, "dir");

	if (!directory || tunnel->traces.size > 0 || session->login != STUNNEL_LOGIN_NONE)
		return;
	/* One that is there already is not ours to use, and above all not to remove. */
	if (mkdir(directory, S_IRWXU) != 0)
		return;
	stunnel_tunnel_keep(&tunnel->traces, request, size);
	stunnel_tunnel_keep(&tunnel->commands, request, size);
	stunnel_session_bequeath(session, "sweep");
	tunnel->hold = stunnel_stale_hold(directory);
	session->login = STUNNEL_LOGIN_RUNS;
	if (stunnel_tunnel_restart(tunnel) != 0)
		stunnel_login_discard(session);
	/* Now with its process. */
	stunnel_session_bequeath(session, "sweep");
}

/* Before the runtime has begun anything, all children but itself are the login's. */
static void note_master(pid_t pid, void *session)
{
	struct stunnel_session *noted = session;

	if (pid != noted->runtime.pid)
		noted->tunnel.pid = pid;
}

static void kill_login(pid_t pid, void *session)
{
	if (pid == ((struct stunnel_session *)session)->runtime.pid)
		return;
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}

bool stunnel_login_reaped(struct stunnel_session *session, pid_t pid, int status)
{
	bool begun = session->login == STUNNEL_LOGIN_RUNS;

	if (session->login == STUNNEL_LOGIN_NONE || pid != session->tunnel.pid)
		return false;
	session->tunnel.step = NULL;
	session->tunnel.pid = -1;
	if (begun && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		stunnel_visit_children(note_master, session);
		session->login = STUNNEL_LOGIN_STANDS;
	}
	/* It failed, or the master that it left did. */
	if (session->tunnel.pid < 0)
		stunnel_login_discard(session);
	stunnel_session_bequeath(session, "sweep");
	return true;
}

void stunnel_login_tell(const struct stunnel_session *session, struct stunnel_record *request)
{
	static const char *const keys[] = { "dir", "start", "preload" };
	const struct stunnel_record *login = &session->tunnel.commands;

	if (session->login != STUNNEL_LOGIN_STANDS)
		return;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		for (const char *value = NULL;
		     (value = stunnel_record_next(login, keys[i], value));)
			stunnel_record_add(request, keys[i], value);
	}
}

void stunnel_login_discard(struct stunnel_session *session)
{
	if (session->login == STUNNEL_LOGIN_NONE)
		return;
	if (session->login == STUNNEL_LOGIN_RUNS)
		stunnel_visit_children(kill_login, session);
	else if (session->tunnel.pid > 0)
		kill_login(session->tunnel.pid, session);
	stunnel_tunnel_forget(&session->tunnel);
	session->tunnel.step = NULL;
	session->login = STUNNEL_LOGIN_NONE;
}
