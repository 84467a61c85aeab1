/* SPDX-License-Identifier: Apache-2.0 */
#include "played.h"

#include "installation.h"
#include "tap.h"

#include <fcntl.h>

char error[STUNNEL_ERROR_MAX];

static char *find_nothing(void *where, const char *name)
{
	(void)where;
	(void)name;
	return NULL;
}

struct stunnel_keeper started(const char *script)
{
	struct stunnel_keeper keeper = STUNNEL_NO_KEEPER;

	installation_make(STUNNEL_PEER);
	installation_script(0, script);
	CHECK(stunnel_keeper_start(&keeper, tap_directory(), STUNNEL_CHILD, NULL, find_nothing, NULL,
				   error) == 0);
	CHECK(keeper.pid > 0 && keeper.channel >= 0);
	CHECK((fcntl(keeper.channel, F_GETFD) & FD_CLOEXEC) != 0);
	return keeper;
}

void ended(struct stunnel_keeper *keeper)
{
	stunnel_keeper_hang_up(keeper);
	CHECK(keeper->channel == -1);
	stunnel_keeper_reap(keeper);
	CHECK(keeper->pid == -1);
}

void add_request(struct stunnel_record *record, const char *what)
{
	stunnel_record_add(record, "request", what);
	stunnel_record_end(record);
}

void send_request(const struct stunnel_keeper *keeper, struct stunnel_lifeline *lifeline)
{
	struct stunnel_record request = { 0 };

	add_request(&request, "open");
	CHECK(stunnel_keeper_send(keeper, &request, lifeline, error) == 0);
	stunnel_record_free(&request);
}

struct stunnel_lifeline held(struct stunnel_keeper *keeper, const char *script)
{
	struct stunnel_lifeline lifeline = STUNNEL_NO_LIFELINE;

	*keeper = started(script);
	CHECK(stunnel_lifeline_open(&lifeline) == 0);
	CHECK((fcntl(lifeline.owner, F_GETFD) & FD_CLOEXEC) != 0);
	CHECK((fcntl(lifeline.keeper, F_GETFD) & FD_CLOEXEC) != 0);
	send_request(keeper, &lifeline);
	CHECK(lifeline.keeper == -1 && lifeline.owner >= 0);
	return lifeline;
}
