/* SPDX-License-Identifier: Apache-2.0 */
#include "../src/retry.h"

#include "tap.h"

static void each_pause_may_be_twice_as_long_as_the_one_before(void)
{
	static const long long longest[] = { 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000 };
	long long next = STUNNEL_RETRY_FIRST_MS;

	for (size_t i = 0; i < sizeof(longest) / sizeof(longest[0]); i++) {
		CHECK(next == longest[i]);
		(void)stunnel_retry_pause(&next);
	}
}

/* Many tunnels are lost in the same moment. */
static void pauses_are_spread(void)
{
	enum { LONGEST = 3000, LEAST = LONGEST / 4, PARTS = 4, PAUSES = 1000 };
	int found[PARTS] = { 0 };

	for (int i = 0; i < PAUSES; i++) {
		long long next = LONGEST;
		long long pause = stunnel_retry_pause(&next);

		CHECK(pause >= LEAST && pause < LONGEST);
		found[(pause - LEAST) * PARTS / (LONGEST - LEAST)]++;
	}
	/* Each part has a quarter of them; half of that is 9 standard deviations away. */
	for (int i = 0; i < PARTS; i++)
		CHECK(found[i] > PAUSES / PARTS / 2);
}

static const struct tap_case cases[] = {
	TAP_CASE(each_pause_may_be_twice_as_long_as_the_one_before),
	TAP_CASE(pauses_are_spread),
};

TAP_MAIN(cases)
