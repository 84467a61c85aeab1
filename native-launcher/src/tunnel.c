/* SPDX-License-Identifier: Apache-2.0 */
#include "tunnel.h"

#include "directory.h"
#include "files.h"
#include "stale.h"
#include "supervise.h"
#include "survivors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	TRANSFER_MS = 1000, /* for the other host to remove its sockets */
	LEAVE_MS = 1000	    /* for an ssh that was killed to be gone */
};

void stunnel_tunnel_keep(struct stunnel_record *record, const struct stunnel_record *answer,
			 size_t size)
{
	stunnel_record_free(record);
	stunnel_record_append(record, answer->data, size);
}

/* Adds the values of a field. */
static void copy(const struct stunnel_record *from, const char *key, struct stunnel_record *to)
{
	for (const char *value = NULL; (value = stunnel_record_next(from, key, value));)
		stunnel_record_add(to, key, value);
}

void stunnel_tunnel_keep_names(struct stunnel_record *record, const struct stunnel_record *answer)
{
	stunnel_record_free(record);
	copy(answer, "dir", record);
	copy(answer, "unlink", record);
	copy(answer, "process", record);
	stunnel_record_end(record);
}

const char *stunnel_tunnel_directory(const struct stunnel_tunnel *tunnel)
{
	return stunnel_record_get(&tunnel->traces, "dir");
}

static void let_go(struct stunnel_tunnel *tunnel)
{
	if (tunnel->hold > 0)
		(void)close(tunnel->hold);
	tunnel->hold = 0;
}

void stunnel_tunnel_hold(struct stunnel_tunnel *tunnel)
{
	const char *directory = stunnel_tunnel_directory(tunnel);
	const char *slash = directory ? strrchr(directory, '/') : NULL;
	char *parent = slash ? strndup(directory, (size_t)(slash - directory)) : NULL;

	let_go(tunnel);
	if (directory)
		tunnel->hold = stunnel_stale_hold(directory);
	if (parent)
		stunnel_stale_remove(parent);
	free(parent);
}

void stunnel_tunnel_bequeath(const struct stunnel_tunnel *tunnel, struct stunnel_record *request)
{
	static const char *const keys[] = { "dir", "stop", "unlink", "transfer", "batch" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		copy(&tunnel->traces, keys[i], request);
	stunnel_survivors_note(request);
}

void stunnel_tunnel_forget(struct stunnel_tunnel *tunnel)
{
	const char *directory = stunnel_tunnel_directory(tunnel);

	if (directory)
		stunnel_directory_remove(directory);
	let_go(tunnel);
	stunnel_record_free(&tunnel->traces);
	stunnel_record_free(&tunnel->commands);
}

bool stunnel_tunnel_is_lost(const struct stunnel_tunnel *tunnel)
{
	const char *directory = stunnel_tunnel_directory(tunnel);
	siginfo_t ignored;

	/* We are the subreaper of the master: no child left, no master left. */
	if (waitid(P_ALL, 0, &ignored, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD)
		return true;
	/* But ssh's ProxyCommand, or a shared connection to a jump host, can outlive it. */
	return directory && !stunnel_directory_listens(directory);
}

char **stunnel_tunnel_prepare_transfer(const struct stunnel_tunnel *tunnel)
{
	const char *text = stunnel_record_get(&tunnel->traces, "batch");

	if (!text || !stunnel_files_write_batch(stunnel_tunnel_directory(tunnel), text))
		return NULL;
	return stunnel_record_list(&tunnel->traces, "transfer");
}

bool stunnel_tunnel_is_safe(const struct stunnel_tunnel *tunnel)
{
	const char *directory = stunnel_tunnel_directory(tunnel);

	return directory && stunnel_directory_is_ours(directory);
}

/* Removes the sockets that sshd left, as long as there is a master to do it over. */
static void clear_other_host(const struct stunnel_tunnel *tunnel)
{
	char **transfer = stunnel_tunnel_prepare_transfer(tunnel);

	if (transfer)
		stunnel_run(transfer, TRANSFER_MS);
	free(transfer);
}

/*
 * Removes the sockets that ssh left: ours, and nobody listens there. Whoever does is
 * another tunnel, which was faster, or came while this one was lost; or an ssh that is
 * no child of ours, and still has to end.
 */
static void clear_this_host(const struct stunnel_tunnel *tunnel)
{
	const struct timespec pause = { .tv_nsec = 50000000 };
	bool bequeathed = stunnel_record_get(&tunnel->traces, "process");
	long long end = stunnel_now() + (bequeathed ? LEAVE_MS : 0);

	for (const char *path = NULL;
	     (path = stunnel_record_next(&tunnel->traces, "unlink", path));) {
		while (!stunnel_directory_remove_dead_socket(path) && stunnel_now() < end)
			(void)nanosleep(&pause, NULL);
	}
}

void stunnel_tunnel_vanish(const struct stunnel_tunnel *tunnel)
{
	const char *directory = stunnel_tunnel_directory(tunnel);

	/* The sockets on the other host are removed over the master, which listens there. */
	if (directory && !stunnel_record_get(&tunnel->traces, "transfer"))
		stunnel_directory_remove(directory);
}

void stunnel_tunnel_stop(struct stunnel_tunnel *tunnel)
{
	char **stop = stunnel_record_list(&tunnel->traces, "stop");
	const char *directory = stunnel_tunnel_directory(tunnel);
	bool safe = stunnel_tunnel_is_safe(tunnel);

	if (safe)
		clear_other_host(tunnel);
	stunnel_end_children(safe ? stop : NULL);
	free(stop);
	stunnel_survivors_kill(&tunnel->traces);
	if (directory)
		stunnel_stale_kill_survivors(directory);
	clear_this_host(tunnel);
	if (directory)
		stunnel_directory_empty(directory);
	tunnel->said = (struct stunnel_sizes){ 0 };
	tunnel->step = NULL;
}

void stunnel_tunnel_mark_words(struct stunnel_tunnel *tunnel)
{
	tunnel->said = stunnel_files_sizes(stunnel_tunnel_directory(tunnel));
}
