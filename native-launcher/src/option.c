/* SPDX-License-Identifier: Apache-2.0 */
#include "option.h"

#include "log.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static char *value;
static unsigned int callbacks;
static bool inherits;
static bool too_long;
static bool dropped;

static unsigned int inherited(void)
{
	return inherits ? 1 : 0;
}

/* A heterogeneous srun comes with the inherited value, in its environment, for each component. */
static bool is_inherited_again(const char *text)
{
	return callbacks > 0 && inherits && text == getenv(STUNNEL_INHERITED);
}

/*
 * Slurm calls this once for an inherited value, and once more for each one that
 * was typed; the last one counts. In slurmstepd 22.05 calls it twice.
 */
static int keep(int id, const char *text, int remote)
{
	(void)id;
	if (!remote && is_inherited_again(text))
		return 0;
	if (!remote && callbacks > inherited() && value && text && strcmp(value, text) != 0)
		dropped = true;
	callbacks++;
	too_long = !text || strnlen(text, STUNNEL_SPEC_MAX + 1) > STUNNEL_SPEC_MAX;
	/* Not a failure yet: Slurm would print all of the value again. */
	if (!too_long)
		stunnel_option_set(text);
	return too_long || value ? 0 : -1;
}

int stunnel_option_register(spank_t spank)
{
	static struct spank_option option = {
		.name = (char *)"tunnel",
		.arginfo = (char *)"[L|R]listen:[host:]port[,...]",
		/* Slurm wraps this itself. */
		.usage = (char *)
			"open SSH tunnels that live as long as the job: `srun "
			"--tunnel 8001:8000' takes port 8001 of this host to "
			"port 8000 of the job's first node, `sbatch --tunnel "
			"R8001:8000' does the same from the node; L listens "
			"where ssh runs (srun: here, sbatch and salloc: on the "
			"node), R at the other end; `man slurm-spank-stunnel' has "
			"the rest",
		.has_arg = 1,
		.val = 0,
		.cb = keep,
	};
	static bool registered;

	if (registered)
		return 0;
	registered = true;
	inherits = getenv(STUNNEL_INHERITED) != NULL;
	return spank_option_register(spank, &option) == ESPANK_SUCCESS ? 0 : -1;
}

const char *stunnel_option_value(void)
{
	return value;
}

const char *stunnel_option_typed(void)
{
	return callbacks > inherited() ? value : NULL;
}

bool stunnel_option_too_long(void)
{
	return too_long;
}

void stunnel_option_tell_too_long(void)
{
	stunnel_log_error("--tunnel: error: the value has more than %d bytes [spec-too-long]\n"
			  "  hint: a range such as 8001-8100:8001-8100 is one short forward\n",
			  STUNNEL_SPEC_MAX);
}

void stunnel_option_tell_dropped(void)
{
	if (dropped)
		stunnel_log_error("--tunnel: warning: it is given more than once, and Slurm takes the "
				  "last one alone\n"
				  "  hint: write one, with commas between the forwards: "
				  "8001:8000,8889:8888\n");
}

void stunnel_option_set(const char *text)
{
	char *copy = strdup(text);

	free(value);
	value = copy;
}
