/* SPDX-License-Identifier: Apache-2.0 */
/* The option's callback, which root runs in slurmstepd on whatever the user put there. */
#include "../src/option.h"
#include "fuzz.h"

#include <slurm/slurm_errno.h>
#include <stdio.h>
#include <string.h>

static spank_opt_cb_f keep;

/* As Slurm's own, as far as the plugin sees it. */
slurm_err_t spank_option_register(spank_t spank, struct spank_option *option)
{
	(void)spank;
	keep = option->cb;
	return ESPANK_SUCCESS;
}

/* Each line of the input is one value; a first byte below 0x20 makes it as much longer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char value[4 * STUNNEL_SPEC_MAX];

	if (!keep)
		MUST(stunnel_option_register(NULL) == 0 && keep);
	for (size_t at = 0; at < size;) {
		const uint8_t *end = memchr(data + at, '\n', size - at);
		size_t length = end ? (size_t)(end - data) - at : size - at;
		size_t times = length > 0 && data[at] < 0x20 ? 1U << (data[at] % 18) : 1;
		size_t filled = 0;

		while (times-- > 0 && filled + length < sizeof(value)) {
			memcpy(value + filled, data + at, length);
			filled += length;
		}
		value[filled] = '\0';
		MUST(keep(0, value, 1) == 0);
		MUST(stunnel_option_too_long() == (strlen(value) > STUNNEL_SPEC_MAX));
		if (!stunnel_option_too_long())
			MUST(strcmp(stunnel_option_value(), value) == 0);
		MUST(!stunnel_option_value() || strlen(stunnel_option_value()) <= STUNNEL_SPEC_MAX);
		at += length + 1;
	}
	MUST(keep(0, NULL, 1) == 0 && stunnel_option_too_long());
	return 0;
}
