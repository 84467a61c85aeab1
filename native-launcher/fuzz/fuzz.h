/* SPDX-License-Identifier: Apache-2.0 */
/* What all fuzz targets need: an input, and an end to the run when something is not so. */
#ifndef STUNNEL_FUZZ_H
#define STUNNEL_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Found out by libFuzzer as a crash. */
#define MUST(condition) ((condition) ? (void)0 : abort())

/* Called by libFuzzer with each input; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
