/* SPDX-License-Identifier: Apache-2.0 */
#include "plugged.h"

#include "installation.h"
#include "tap.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

static char *no_environment[] = { NULL };

void begin(spank_context_t context, const char *script)
{
	installation_make(STUNNEL_KEEPER);
	installation_script(0, script);
	installation_copy(STUNNEL_PLUGIN, "lib/slurm-spank-stunnel.so");
	slurm_process = (struct slurm_process){ .context = context,
						.job = 4000000000U - (uint32_t)getpid(),
						.local_tasks = 1,
						.nodes = "cn[1-2]",
						.environment = no_environment };
	slurm_load_plugin(installation_path("lib/slurm-spank-stunnel.so"));
	CHECK(slurm_call("init") == 0);
}

bool is_childless(void)
{
	return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD;
}
