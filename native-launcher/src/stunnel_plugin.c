/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SPANK hooks, and which part of the plugin each of them means in which
 * context. A hook that fails in slurmstepd can drain the node, so that there
 * only slurm_spank_task_init() ever does.
 */
#include "local.h"
#include "option.h"
#include "remote.h"

#include <slurm/slurm_errno.h>
#include <slurm/spank.h>

SPANK_PLUGIN(stunnel, 1)

int slurm_spank_init(spank_t spank, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	switch (spank_context()) {
	case S_CTX_LOCAL:
	case S_CTX_ALLOCATOR:
		return stunnel_option_register(spank);
	case S_CTX_REMOTE:
		(void)stunnel_option_register(spank);
		return 0;
	default:
		return 0;
	}
}

int slurm_spank_init_post_opt(spank_t spank, int argc, char **argv)
{
	spank_context_t context = spank_context();

	if (context == S_CTX_LOCAL || context == S_CTX_ALLOCATOR)
		return stunnel_local_check(argc, argv, context);
	if (context == S_CTX_REMOTE)
		stunnel_remote_prepare(spank);
	return 0;
}

int slurm_spank_local_user_init(spank_t spank, int argc, char **argv)
{
	return stunnel_local_open(spank, argc, argv);
}

int slurm_spank_task_init(spank_t spank, int argc, char **argv)
{
	return stunnel_remote_task(spank, argc, argv);
}

int slurm_spank_task_exit(spank_t spank, int argc, char **argv)
{
	(void)spank;
	(void)argc;
	(void)argv;
	stunnel_remote_task_exit();
	return 0;
}

int slurm_spank_exit(spank_t spank, int argc, char **argv)
{
	spank_context_t context = spank_context();

	(void)spank;
	(void)argc;
	(void)argv;
	if (context == S_CTX_LOCAL)
		stunnel_local_end();
	else if (context == S_CTX_REMOTE)
		stunnel_remote_end();
	return 0;
}
