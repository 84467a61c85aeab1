/* SPDX-License-Identifier: Apache-2.0 */
#include "retry.h"

#include <sys/random.h>
#include <unistd.h>

long long stunnel_retry_pause(long long *longest)
{
	long long least = *longest / 4, range = *longest - least;
	unsigned int random;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != (ssize_t)sizeof(random))
		random = (unsigned int)getpid();
	*longest = *longest * 2 < STUNNEL_RETRY_LAST_MS ? *longest * 2 : STUNNEL_RETRY_LAST_MS;
	return least + random % range;
}
