/* SPDX-License-Identifier: Apache-2.0 */
/* What the keeper hears from the plugin: bytes and descriptors, in any order and number. */
#include "../src/conversation.h"
#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DESCRIPTORS = 5 };

/* One packet of the plugin's, with `count` copies of a descriptor. */
static void say(int channel, const uint8_t *bytes, size_t size, size_t count)
{
	/* No socket, lest the keeper's last words become its next request. */
	static int descriptor = -1;
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(DESCRIPTORS * sizeof(int))];
	} control = { 0 };
	struct iovec buffer = { .iov_base = (void *)bytes, .iov_len = size };
	struct msghdr message = { .msg_iov = &buffer, .msg_iovlen = 1 };

	if (descriptor < 0)
		descriptor = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (count > 0) {
		message.msg_control = control.space;
		message.msg_controllen = CMSG_SPACE(count * sizeof(int));
		control.header = (struct cmsghdr){ .cmsg_len = CMSG_LEN(count * sizeof(int)),
						   .cmsg_level = SOL_SOCKET,
						   .cmsg_type = SCM_RIGHTS };
		for (size_t i = 0; i < count; i++)
			memcpy(CMSG_DATA(&control.header) + i * sizeof(int), &descriptor, sizeof(int));
	}
	if (size > 0)
		MUST(sendmsg(channel, &message, MSG_NOSIGNAL) == (ssize_t)size);
}

static int open_descriptors(void)
{
	DIR *list = opendir("/proc/self/fd");
	int count = 0;

	MUST(list);
	while (readdir(list))
		count++;
	MUST(closedir(list) == 0);
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stunnel_conversation plugin = { .lifeline = -1, .voice = -1 };
	int pair[2], before;

	say(-1, data, 0, 0); /* opens its descriptor */
	before = open_descriptors();
	MUST(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	plugin.channel = pair[0];
	/* The first byte of a packet says how long it is and what comes with it. */
	for (size_t at = 0; at < size;) {
		size_t length = data[at] / 8 + 1U;

		if (length > size - at)
			length = size - at;
		say(pair[1], data + at, length, data[at] % (DESCRIPTORS + 1));
		MUST(stunnel_conversation_receive(&plugin));
		at += length;
		while (stunnel_record_message(&plugin.requests) > 0) {
			(void)stunnel_record_get(&plugin.requests, "request");
			stunnel_conversation_bequeath(&plugin, &plugin.requests);
			stunnel_record_drop(&plugin.requests, stunnel_record_message(&plugin.requests));
		}
	}
	MUST(close(pair[1]) == 0);
	if (plugin.lifeline >= 0)
		MUST(close(plugin.lifeline) == 0);
	if (plugin.voice >= 0)
		MUST(close(plugin.voice) == 0);
	stunnel_conversation_hang_up(&plugin);
	stunnel_record_free(&plugin.requests);
	MUST(open_descriptors() == before);
	return 0;
}
