/* SPDX-License-Identifier: Apache-2.0 */
/* The keeper as built, between this program as its launcher and the peer as runtime and ssh. */
#include "../src/descriptors.h"
#include "../src/launch.h"
#include "../src/lifeline.h"
#include "../src/lock.h"
#include "../src/supervise.h"
#include "installation.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define TAKE "take\n"
#define OK TAKE "say answer=ok|env=STUNNEL_COUNT=1\n"
#define OPENING \
	TAKE "mkdir %s/control\n" \
	     "say answer=opening|dir=%s/control|stop=%s/libexec/java|stop=stop\n"
#define UP "run start\nrun forward\n"
#define READY \
	"say answer=ready|pid=1|text=it is up|routes=login:8001 -> cn1:8000|start=%s/libexec/java|start=start|" \
	"forward=%s/libexec/java|forward=forward\n"
#define FAILED "say answer=failed|text=error: the port is taken|policy=require\n"
#define EOF_ "eof\n"

static char error[STUNNEL_ERROR_MAX];
static struct stunnel_keeper keeper = STUNNEL_NO_KEEPER;
static struct stunnel_lifeline lifeline = STUNNEL_NO_LIFELINE;
static struct stunnel_record answer;

/* --- the launcher's side ---------------------------------------------------- */

static void start_keeper(enum stunnel_parentage parentage)
{
	CHECK(stunnel_keeper_start(&keeper, tap_directory(), parentage, NULL, NULL, NULL,
				   error) == 0);
}

/* Installs and starts a keeper whose runtime follows `script` at each start. */
static void begin(const char *program, const char *script)
{
	installation_make(program);
	installation_script(0, script);
	start_keeper(STUNNEL_CHILD);
}

static void ask_with(const char *what, const char *lock)
{
	struct stunnel_record request = { 0 };
	bool opens = strcmp(what, "open") == 0;

	stunnel_record_add(&request, "request", what);
	stunnel_record_add(&request, "spec", "8001:8000\n=");
	if (lock)
		stunnel_record_add(&request, "lock", lock);
	stunnel_record_end(&request);
	if (opens)
		CHECK(stunnel_lifeline_open(&lifeline) == 0);
	CHECK(stunnel_keeper_send(&keeper, &request, opens ? &lifeline : NULL, error) == 0);
	stunnel_record_free(&request);
}

static void ask(const char *what)
{
	ask_with(what, NULL);
}

/* Waits for the next answer, which is then the first in `answer`. */
static bool is_answered(const char *what)
{
	const char *word;

	stunnel_record_drop(&answer, stunnel_record_message(&answer));
	if (stunnel_keeper_receive(&keeper, &answer, error) != 0)
		return false;
	word = stunnel_record_get(&answer, "answer");
	if (word && strcmp(word, what) == 0)
		return true;
	(void)fprintf(stderr, "# answered: %s\n", word ? word : "nothing");
	return false;
}

static bool says(const char *text)
{
	const char *said = stunnel_record_get(&answer, "text");

	return said && strstr(said, text);
}

static bool has_ended(void)
{
	int status;

	return waitpid(keeper.pid, &status, WNOHANG) == keeper.pid && status == 0;
}

/* The keeper ends by itself, and with it all that it started; nothing stays behind. */
static void ends(void)
{
	EVENTUALLY(has_ended());
	CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
	CHECK(!installation_has("control"));
	stunnel_keeper_hang_up(&keeper);
	stunnel_close(&lifeline.owner);
	stunnel_close(&lifeline.keeper);
	stunnel_record_free(&answer);
}

static void end_lifeline(void)
{
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	/* The sweep would be another keeper: this one needed none. */
	ends();
}

static void open_tunnel(void)
{
	ask("open");
	CHECK(is_answered("ready") && says("it is up"));
}

/* A keeper with a tunnel that stands. */
static void begin_with_tunnel(const char *program)
{
	begin(program, OPENING UP READY EOF_);
	open_tunnel();
}

static pid_t last_in(const char *file)
{
	long pid = 0;

	for (const char *at = installation_read(file); *at; at = strchr(at, '\n') + 1)
		pid = strtol(at, NULL, 10);
	return (pid_t)pid;
}

static bool commands_are(int starts, int forwards)
{
	return installation_count("commands", "start") == starts &&
	       installation_count("commands", "forward") == forwards;
}

/* --- verdicts ---------------------------------------------------------------- */

static void a_verdict_is_handed_on(void)
{
	begin(STUNNEL_KEEPER, OK EOF_);
	ask("check");
	CHECK(is_answered("ok"));
	CHECK(strcmp(stunnel_record_get(&answer, "env"), "STUNNEL_COUNT=1") == 0);
	CHECK(strcmp(installation_read("requests"), "request=check\nspec=8001:8000\n=\n\n") == 0);
	CHECK(waitpid(keeper.pid, NULL, WNOHANG) == 0);
	stunnel_keeper_hang_up(&keeper);
	ends();
}

static void a_refusal_is_handed_on_and_ends_all(void)
{
	begin(STUNNEL_KEEPER, TAKE "say answer=refused|text=error: no such port\n" EOF_);
	ask("check");
	CHECK(is_answered("refused") && says("error: no such port"));
	ends();
}

static void one_runtime_judges_and_opens(void)
{
	begin(STUNNEL_KEEPER, OK OPENING UP READY EOF_);
	ask("check");
	CHECK(is_answered("ok"));
	open_tunnel();
	CHECK(installation_count("starts", "java           ") == 1);
	end_lifeline();
}

static void requests_that_come_at_once_are_taken_in_turn(void)
{
	begin(STUNNEL_KEEPER, OK OPENING UP READY EOF_);
	ask("check");
	ask("open");
	CHECK(is_answered("ok"));
	CHECK(is_answered("ready"));
	end_lifeline();
}

static void an_idle_runtime_ends_and_is_started_again_when_needed(void)
{
	begin(STUNNEL_HASTY_KEEPER, "stubborn\nhang\n");
	installation_script(1, OK EOF_ "note dismissed\n");
	installation_script(2, OPENING UP READY EOF_);
	ask("check");
	CHECK(is_answered("ok"));
	EVENTUALLY(installation_count("notes", "dismissed") == 1);
	open_tunnel();
	CHECK(installation_count("starts", "java           ") == 2);
	end_lifeline();
}

/* --- logins that are begun before the verdict ------------------------------------- */

#define AFTER_LOGIN TAKE "await begun\nsay answer=ok|env=STUNNEL_COUNT=1\n"
#define OPENING_LOGIN TAKE "say answer=opening|dir=%s/early|stop=/bin/true\n"

/* Says how to log in, with a shell's command line, in a directory that is not there yet. */
static void begin_login(const char *line)
{
	struct stunnel_record request = { 0 };

	stunnel_record_add(&request, "request", "login");
	stunnel_record_add(&request, "dir", installation_path("early"));
	stunnel_record_add(&request, "stop", "/bin/false");
	stunnel_record_add(&request, "start", "/bin/sh");
	stunnel_record_add(&request, "start", "-c");
	stunnel_record_add(&request, "start", line);
	stunnel_record_add(&request, "start", tap_directory());
	stunnel_record_end(&request);
	CHECK(stunnel_lifeline_open(&lifeline) == 0);
	CHECK(stunnel_keeper_send(&keeper, &request, &lifeline, error) == 0);
	stunnel_record_free(&request);
}

#define LEAVES_MASTER "sleep 1000 & echo $! >$0/master; : >$0/begun"

/* A keeper that is asked for a verdict, to begin a login, and to open a tunnel. */
static void begin_with_login(const char *program, const char *script, const char *line)
{
	struct stunnel_record request = { 0 };

	begin(program, script);
	ask("check");
	begin_login(line);
	stunnel_record_add(&request, "request", "open");
	stunnel_record_end(&request);
	CHECK(stunnel_keeper_send(&keeper, &request, NULL, error) == 0);
	stunnel_record_free(&request);
	CHECK(is_answered("ok"));
}

static bool is_gone(const char *file)
{
	return kill(last_in(file), 0) != 0 && errno == ESRCH;
}

static void a_login_is_begun_before_the_verdict_and_taken_over(void)
{
	begin_with_login(STUNNEL_KEEPER, AFTER_LOGIN OPENING_LOGIN READY EOF_, LEAVES_MASTER);
	CHECK(is_answered("ready"));
	CHECK(strstr(installation_read("requests"), "\nstart=/bin/sh\nstart=-c\n"));
	CHECK(strstr(installation_read("requests"), "/early\n"));
	CHECK(!is_gone("master") && installation_has("early"));
	end_lifeline();
	CHECK(is_gone("master") && !installation_has("early"));
}

static void another_login_than_the_runtime_makes_is_ended(void)
{
	begin_with_login(STUNNEL_KEEPER, AFTER_LOGIN OPENING UP READY EOF_, LEAVES_MASTER);
	CHECK(is_answered("ready") && commands_are(1, 1));
	CHECK(is_gone("master") && !installation_has("early"));
	CHECK(!is_gone("masters"));
	end_lifeline();
}

static void a_login_that_fails_is_as_if_it_had_not_been(void)
{
	begin_with_login(STUNNEL_KEEPER, AFTER_LOGIN OPENING UP READY EOF_, ": >$0/begun; false");
	CHECK(is_answered("ready") && !installation_has("early"));
	CHECK(!strstr(installation_read("requests"), "start="));
	end_lifeline();
}

static void a_login_that_leaves_nobody_is_too(void)
{
	begin_with_login(STUNNEL_KEEPER, AFTER_LOGIN OPENING UP READY EOF_, ": >$0/begun");
	CHECK(is_answered("ready") && !installation_has("early"));
	CHECK(!strstr(installation_read("requests"), "start="));
	end_lifeline();
}

static void a_login_that_hangs_is_given_up(void)
{
	begin_with_login(STUNNEL_HASTY_KEEPER, AFTER_LOGIN OPENING UP READY EOF_,
			 "echo $$ >$0/login; : >$0/begun; exec sleep 1000");
	CHECK(is_answered("ready"));
	CHECK(is_gone("login") && !installation_has("early"));
	end_lifeline();
}

static void a_directory_that_is_there_is_nobodys_login(void)
{
	begin(STUNNEL_KEEPER, OK OPENING UP READY EOF_);
	CHECK(mkdir(installation_path("early"), 0700) == 0);
	installation_write("early/letter", "");
	ask("check");
	begin_login(LEAVES_MASTER);
	CHECK(is_answered("ok"));
	stunnel_keeper_hang_up(&keeper);
	end_lifeline();
	CHECK(installation_has("early/letter") && !installation_has("begun"));
}

static void the_lifeline_ends_a_login_too(void)
{
	begin(STUNNEL_KEEPER, TAKE "hang\n");
	ask("check");
	begin_login("echo $$ >$0/login; : >$0/begun; exec sleep 1000");
	EVENTUALLY(installation_has("begun"));
	end_lifeline();
	CHECK(is_gone("login") && !installation_has("early"));
}

static void a_refusal_ends_a_login_too(void)
{
	begin(STUNNEL_KEEPER, TAKE "await begun\nsay answer=refused|text=error: forbidden\n" EOF_);
	ask("check");
	begin_login(LEAVES_MASTER);
	CHECK(is_answered("refused"));
	CHECK(is_gone("master") && !installation_has("early"));
	ends();
}

static void a_login_is_swept_up_after_a_killed_keeper(void)
{
	begin(STUNNEL_KEEPER, AFTER_LOGIN "hang\n");
	ask("check");
	begin_login("echo $$ >$0/login; : >$0/begun; exec sleep 1000");
	/* By now it has left word of the login, too. */
	CHECK(is_answered("ok"));
	CHECK(kill(keeper.pid, SIGKILL) == 0 && waitpid(keeper.pid, NULL, 0) == keeper.pid);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(!installation_has("early"));
	EVENTUALLY(waitpid(last_in("login"), NULL, WNOHANG) == last_in("login"));
	stunnel_keeper_hang_up(&keeper);
	stunnel_record_free(&answer);
}

/* --- the archive ------------------------------------------------------------------ */

/* An archive that fits the installation, by the name that the keeper itself gives it. */
static void make_archive(void)
{
	char command[512], path[512] = "";
	FILE *names;

	CHECK(mkdir(installation_path("lib/server"), 0755) == 0);
	installation_write("lib/server/libjvm.so", "");
	(void)snprintf(command, sizeof(command), "%s --archive",
		       installation_path("libexec/stunnel-keeper"));
	names = popen(command, "re"); /* NOLINT(cert-env33-c): a path of ours */
	CHECK(names && fgets(path, sizeof(path), names) && pclose(names) == 0);
	path[strcspn(path, "\n")] = '\0';
	CHECK(strncmp(path, tap_directory(), strlen(tap_directory())) == 0);
	installation_write(path + strlen(tap_directory()) + 1, "");
}

static int archives_passed(void)
{
	int count = 0;

	for (const char *at = installation_read("arguments");
	     (at = strstr(at, "-XX:SharedArchiveFile=")); at++)
		count++;
	return count;
}

static void an_archive_that_fits_is_passed(void)
{
	installation_make(STUNNEL_KEEPER);
	installation_script(0, OK EOF_);
	make_archive();
	start_keeper(STUNNEL_CHILD);
	ask("check");
	CHECK(is_answered("ok") && archives_passed() == 1);
	stunnel_keeper_hang_up(&keeper);
	ends();
}

static void an_archive_of_other_jars_is_not_passed(void)
{
	installation_make(STUNNEL_KEEPER);
	installation_script(0, OK EOF_);
	make_archive();
	installation_write("lib/java/stunnel-runtime.jar", "another");
	start_keeper(STUNNEL_CHILD);
	ask("check");
	CHECK(is_answered("ok") && archives_passed() == 0);
	stunnel_keeper_hang_up(&keeper);
	ends();
}

static void an_archive_of_another_jvm_is_not_passed(void)
{
	installation_make(STUNNEL_KEEPER);
	installation_script(0, OK EOF_);
	make_archive();
	installation_write("lib/server/libjvm.so", "another");
	start_keeper(STUNNEL_CHILD);
	ask("check");
	CHECK(is_answered("ok") && archives_passed() == 0);
	stunnel_keeper_hang_up(&keeper);
	ends();
}

static void a_damaged_archive_is_done_without(void)
{
	installation_make(STUNNEL_KEEPER);
	installation_script(0, TAKE "die\n");
	installation_script(2, OK OPENING UP READY EOF_);
	make_archive();
	start_keeper(STUNNEL_CHILD);
	ask("check");
	CHECK(is_answered("ok") && archives_passed() == 1);
	open_tunnel();
	CHECK(installation_count("starts", "java           ") == 2);
	end_lifeline();
}

static void an_archive_is_not_to_blame_twice(void)
{
	installation_make(STUNNEL_KEEPER);
	installation_script(0, TAKE "die\n");
	make_archive();
	start_keeper(STUNNEL_CHILD);
	ask("check");
	CHECK(is_answered("failed") && says("ended without an answer"));
	CHECK(installation_count("starts", "java           ") == 2);
	ends();
}

static void a_tunnel_that_was_begun_is_not_begun_again(void)
{
	installation_make(STUNNEL_KEEPER);
	installation_script(0, OPENING "run start\ndie\n");
	make_archive();
	start_keeper(STUNNEL_CHILD);
	ask("open");
	CHECK(is_answered("failed") && says("ended without an answer"));
	CHECK(installation_count("starts", "java           ") == 1);
	ends();
}

/* --- runtimes that are none ----------------------------------------------------- */

static void a_missing_runtime_is_told(void)
{
	installation_make(STUNNEL_KEEPER);
	CHECK(unlink(installation_path("libexec/java")) == 0);
	start_keeper(STUNNEL_CHILD);
	ask("check");
	CHECK(is_answered("failed") && says("the tunnel needs the Java runtime under /"));
	CHECK(says(tap_directory()) && says("/libexec/java and lib/java"));
	ends();
}

static void a_missing_jar_is_told(void)
{
	installation_make(STUNNEL_KEEPER);
	CHECK(unlink(installation_path("lib/java/stunnel-runtime.jar")) == 0);
	start_keeper(STUNNEL_CHILD);
	ask("check");
	CHECK(is_answered("failed") && says("/libexec/java and lib/java"));
	ends();
}

static void a_runtime_that_others_can_write_is_not_started(void)
{
	begin(STUNNEL_KEEPER, "eof\n");
	CHECK(chmod(installation_path("lib/java/stunnel-runtime.jar"), 0666) == 0);
	ask("check");
	CHECK(is_answered("failed"));
	CHECK(says("/lib/java/stunnel-runtime.jar can be written by others"));
	CHECK(!installation_has("starts"));
	ends();
}

static void a_runtime_that_only_ends_is_told(void)
{
	begin(STUNNEL_KEEPER, TAKE "raw Error: Unable to access jarfile\nexit 1\n");
	ask("check");
	CHECK(is_answered("failed") && says("ended without an answer"));
	ends();
}

static void an_answer_that_means_nothing_is_told(void)
{
	begin(STUNNEL_KEEPER, TAKE "say answer=perhaps\n" EOF_);
	ask("check");
	CHECK(is_answered("failed") && says("means nothing"));
	ends();
}

static void an_empty_answer_is_told(void)
{
	begin(STUNNEL_KEEPER, TAKE "say \n" EOF_);
	ask("check");
	CHECK(is_answered("failed") && says("means nothing"));
	ends();
}

static void an_answer_without_end_is_told(void)
{
	begin(STUNNEL_KEEPER, TAKE "flood 1100000\n" "hang\n");
	ask("check");
	CHECK(is_answered("failed") && says("ended without an answer"));
	ends();
}

static void the_longest_answer_is_handed_on(void)
{
	begin(STUNNEL_KEEPER, TAKE "raw text=\nflood 1048000\nsay |answer=ok\n" EOF_);
	ask("check");
	CHECK(is_answered("ok") && strlen(stunnel_record_get(&answer, "text")) == 1048000);
	stunnel_keeper_hang_up(&keeper);
	ends();
}

static void a_silent_runtime_is_told_in_the_end(void)
{
	begin(STUNNEL_HASTY_KEEPER, TAKE "stubborn\nhang\n");
	ask("check");
	CHECK(is_answered("failed") && says("does not answer"));
	ends();
}

static void a_runtime_that_never_reads_is_told_in_the_end(void)
{
	struct stunnel_record request = { 0 };
	static char option[1000000];

	begin(STUNNEL_KEEPER, "hang\n");
	memset(option, 'x', sizeof(option) - 1);
	stunnel_record_add(&request, "request", "check");
	stunnel_record_add(&request, "option", option);
	stunnel_record_end(&request);
	CHECK(stunnel_keeper_send(&keeper, &request, NULL, error) == 0);
	stunnel_record_free(&request);
	CHECK(is_answered("failed") && says("takes no request"));
	ends();
}

static void a_killed_runtime_is_told_even_if_its_child_lives(void)
{
	begin(STUNNEL_KEEPER, OPENING "fork\nrun start\ndie\n");
	ask("open");
	CHECK(is_answered("failed") && says("ended without an answer"));
	/* Whoever reads this may count on it. */
	CHECK(!installation_has("control"));
	ends();
}

static void a_request_without_end_ends_the_keeper(void)
{
	static const char bytes[65536] = { 'x' };
	size_t sent = 0;

	begin(STUNNEL_KEEPER, EOF_);
	while (send(keeper.channel, bytes, sizeof(bytes), MSG_NOSIGNAL) > 0)
		CHECK((sent += sizeof(bytes)) < 2 * STUNNEL_RECORD_MAX);
	CHECK(errno == EPIPE || errno == ECONNRESET);
	ends();
}

/* --- opening ------------------------------------------------------------------- */

static void a_tunnel_lives_as_long_as_its_lifeline(void)
{
	begin(STUNNEL_KEEPER, OPENING UP READY EOF_ "note ended\n");
	open_tunnel();
	/* Its input ended with its answer: no runtime stays. */
	EVENTUALLY(installation_count("notes", "ended") == 1);
	/* The keeper needs no launcher. */
	stunnel_keeper_hang_up(&keeper);
	CHECK(waitpid(keeper.pid, NULL, WNOHANG) == 0);
	CHECK(kill(last_in("masters"), 0) == 0);
	CHECK(installation_count("commands", "stop") == 0);
	end_lifeline();
	CHECK(commands_are(1, 1) && installation_count("commands", "stop") == 1);
}

static void a_tunnel_that_fails_is_gone_before_that_is_told(void)
{
	begin(STUNNEL_KEEPER, OPENING "fork\nrun start\n" FAILED EOF_);
	ask("open");
	CHECK(is_answered("failed") && says("error: the port is taken"));
	CHECK(strcmp(stunnel_record_get(&answer, "policy"), "require") == 0);
	CHECK(!installation_has("control"));
	CHECK(kill(last_in("masters"), 0) == -1 && errno == ESRCH);
	ends();
}

static void a_runtime_that_stays_after_its_answer_is_killed(void)
{
	begin(STUNNEL_HASTY_KEEPER, OPENING UP READY "run start\nstubborn\nhang\n");
	open_tunnel();
	/* Were it still there, the keeper would have more children than the master. */
	EVENTUALLY(installation_count("commands", "start") == 2);
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(commands_are(3, 2));
	end_lifeline();
}

static void a_launcher_that_dies_while_it_opens_costs_nothing(void)
{
	begin(STUNNEL_KEEPER, OPENING UP "await go\n" READY EOF_ "note ended\n");
	ask("open");
	EVENTUALLY(commands_are(1, 1));
	stunnel_keeper_hang_up(&keeper);
	installation_write("go", "");
	EVENTUALLY(installation_count("notes", "ended") == 1);
	CHECK(waitpid(keeper.pid, NULL, WNOHANG) == 0 && kill(last_in("masters"), 0) == 0);
	end_lifeline();
}

/* --- ending -------------------------------------------------------------------- */

static void a_launcher_that_dies_before_it_opens_ends_all(void)
{
	begin(STUNNEL_KEEPER, TAKE "fork\nhang\n");
	ask("check");
	EVENTUALLY(installation_count("requests", "request=check") == 1);
	stunnel_keeper_hang_up(&keeper);
	ends();
}

static void the_lifeline_ends_a_tunnel_that_is_not_up_yet(void)
{
	begin(STUNNEL_KEEPER, OPENING "run start\nfork\nhang\n");
	ask("open");
	EVENTUALLY(commands_are(1, 0));
	end_lifeline();
}

static void what_was_not_heard_of_yet_is_removed_too(void)
{
	begin(STUNNEL_KEEPER, TAKE "await go\nmkdir %s/control\n"
				   "say answer=opening|dir=%s/control\nnote said\nhang\n");
	ask("open");
	EVENTUALLY(installation_count("requests", "request=open") == 1);
	CHECK(kill(keeper.pid, SIGSTOP) == 0);
	installation_write("go", "");
	EVENTUALLY(installation_count("notes", "said") == 1 && installation_has("control"));
	CHECK(shutdown(lifeline.owner, SHUT_WR) == 0);
	CHECK(kill(keeper.pid, SIGCONT) == 0);
	ends();
}

/* As srun's shepherd: has a copy of all that its parent had. */
static void fork_shepherd(void)
{
	if (fork() == 0) {
		for (;;)
			(void)pause();
	}
}

static void the_death_of_the_parent_ends_all(void)
{
	pid_t parent;

	installation_make(STUNNEL_KEEPER);
	installation_script(0, OK EOF_);
	parent = fork();
	if (parent == 0) {
		start_keeper(STUNNEL_CHILD);
		ask("check");
		CHECK(is_answered("ok"));
		fork_shepherd();
		installation_write("keeper", "");
		for (;;)
			(void)pause();
	}
	EVENTUALLY(installation_has("keeper"));
	CHECK(kill(parent, SIGKILL) == 0 && waitpid(parent, NULL, 0) == parent);
	/* The shepherd, which lives on and holds the channel, and the keeper are ours now. */
	EVENTUALLY(waitpid(-1, NULL, WNOHANG) > 0);
	CHECK(waitpid(-1, NULL, WNOHANG) == 0);
	stunnel_end_children(NULL);
}

static void the_death_of_the_owner_ends_all(void)
{
	pid_t owner;

	installation_make(STUNNEL_KEEPER);
	installation_script(0, OPENING UP READY EOF_);
	owner = fork();
	if (owner == 0) {
		/* Before the lifeline is made, as in srun. */
		fork_shepherd();
		start_keeper(STUNNEL_ORPHAN);
		CHECK(keeper.pid == -1);
		open_tunnel();
		installation_write("up", "");
		for (;;)
			(void)pause();
	}
	EVENTUALLY(installation_has("up"));
	CHECK(kill(owner, SIGKILL) == 0 && waitpid(owner, NULL, 0) == owner);
	EVENTUALLY(waitpid(-1, NULL, WNOHANG) > 0);
	CHECK(waitpid(-1, NULL, WNOHANG) == 0);
	CHECK(!installation_has("control"));
	stunnel_end_children(NULL);
}

static void sigterm_ends_all(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	CHECK(kill(keeper.pid, SIGTERM) == 0);
	ends();
}

static void a_stop_command_that_hangs_ends_all_the_same(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	installation_write("hang.stop", "");
	end_lifeline();
}

static void children_that_ignore_sigterm_end_too(void)
{
	begin(STUNNEL_KEEPER, OPENING UP "stubborn\nfork\n" READY EOF_);
	open_tunnel();
	end_lifeline();
}

/* --- a tunnel that is lost ------------------------------------------------------- */

static void a_lost_tunnel_comes_back(void)
{
	pid_t first;

	begin_with_tunnel(STUNNEL_KEEPER);
	first = last_in("masters");
	installation_write("control/log", "known before\n");
	CHECK(kill(first, SIGKILL) == 0);
	CHECK(is_answered("down"));
	EVENTUALLY(commands_are(2, 2));
	CHECK(last_in("masters") != first && kill(last_in("masters"), 0) == 0);
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(commands_are(3, 3));
	/* No JVM was needed for that. */
	CHECK(installation_count("starts", "java           ") == 1);
	end_lifeline();
}

/* Whoever listens there may be somebody else. */
static void nobody_is_talked_to_in_a_directory_that_others_can_enter(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	CHECK(chmod(installation_path("control"), 0755) == 0);
	end_lifeline();
	CHECK(installation_count("commands", "stop") == 0);
}

static void nobody_is_talked_to_who_is_another_user(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const char *path;

	if (geteuid() != 0)
		tap_skip("needs root, to listen as another user");
	CHECK(unshare(CLONE_NEWNS) == 0);
	CHECK(mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0);
	begin_with_tunnel(STUNNEL_KEEPER);
	path = installation_path("control/theirs");
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	CHECK(seteuid(65534) == 0 && listen(fd, 64) == 0 && seteuid(0) == 0);
	/* Nobody can remove it. */
	CHECK(mount(path, path, "none", MS_BIND, NULL) == 0);
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(installation_count("commands", "start") > 2);
	CHECK(installation_count("commands", "forward") == 1);
	CHECK(installation_count("commands", "stop") == 0);
	CHECK(umount(installation_path("control/theirs")) == 0 && close(fd) == 0);
	EVENTUALLY(installation_count("commands", "forward") == 2);
	end_lifeline();
}

static void the_user_is_told_what_ssh_said_last(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	EVENTUALLY(installation_has("control/state"));
	installation_write("control/log", "Warning: added a key\nTimeout,\tcn1 \351\r\n\n");
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down"));
	CHECK(says("tunnel down: login:8001 -> cn1:8000 (ssh: Timeout,?cn1 ?); connecting again"));
	CHECK(is_answered("up") && says("tunnel up again: login:8001 -> cn1:8000 (after "));
	/* A loss without a word of ssh's. */
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && says("(ssh: ended)"));
	end_lifeline();
}

/* The keeper gets this descriptor as its voice; it is closed here. */
static void ask_with_this_voice(int voice)
{
	struct stunnel_record request = { 0 };

	stunnel_record_add(&request, "request", "open");
	stunnel_record_end(&request);
	CHECK(stunnel_lifeline_open(&lifeline) == 0);
	lifeline.voice = voice;
	CHECK(stunnel_keeper_send(&keeper, &request, &lifeline, error) == 0);
	CHECK(close(voice) == 0);
	stunnel_record_free(&request);
}

/* Opens a pipe, whose one end goes to the keeper as its voice. Returns the other one. */
static int ask_with_voice(void)
{
	int pipe[2];

	CHECK(pipe2(pipe, O_CLOEXEC | O_NONBLOCK) == 0);
	ask_with_this_voice(pipe[1]);
	return pipe[0];
}

/* Reads lines until one begins with `wanted`. */
static bool hears(int voice, const char *wanted)
{
	static char heard[4096];
	size_t size = strlen(heard);
	ssize_t count = read(voice, heard + size, sizeof(heard) - 1 - size);

	heard[size + (count > 0 ? (size_t)count : 0)] = '\0';
	return strstr(heard, wanted) != NULL;
}

static void a_task_hears_of_its_tunnel_on_its_standard_error(void)
{
	char byte;
	int voice;

	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	voice = ask_with_voice();
	CHECK(is_answered("ready"));
	stunnel_keeper_hang_up(&keeper);
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(hears(voice, "tunnel down: login:8001 -> cn1:8000 (ssh: ended)"));
	EVENTUALLY(hears(voice, "tunnel up again: login:8001 -> cn1:8000 (after "));
	end_lifeline();
	CHECK(read(voice, &byte, 1) == 0 && close(voice) == 0);
}

static void a_voice_that_nobody_reads_holds_nothing_up(void)
{
	static const char filling[65536];
	int reading, writing;
	char path[64];

	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	reading = ask_with_voice();
	CHECK(is_answered("ready"));
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", reading);
	writing = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	CHECK(writing >= 0 && write(writing, filling, sizeof(filling)) == sizeof(filling));
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(commands_are(2, 2));
	end_lifeline();
	CHECK(close(reading) == 0 && close(writing) == 0);
}

/* Has a new keeper do what a killed one left undone, as its owner would. */
static void have_done(const char *what)
{
	struct stunnel_record request = { 0 };
	static const char *const fields[][2] = {
		{ "dir", "control" }, { "stop", "libexec/java" }, { "transfer", "libexec/java" },
	};

	CHECK(mkdir(installation_path("control"), 0700) == 0);
	installation_write("control/log", "");
	start_keeper(STUNNEL_CHILD);
	stunnel_record_add(&request, "request", what);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		stunnel_record_add(&request, fields[i][0], installation_path(fields[i][1]));
	stunnel_record_add(&request, "stop", "stop");
	stunnel_record_add(&request, "transfer", "transfer");
	stunnel_record_add(&request, "batch", "rm /x");
	stunnel_record_end(&request);
	CHECK(stunnel_keeper_send(&keeper, &request, NULL, error) == 0);
	CHECK(stunnel_keeper_receive(&keeper, &answer, error) == -1);
	CHECK(!installation_has("control"));
	stunnel_record_free(&request);
	stunnel_record_free(&answer);
	stunnel_keeper_hang_up(&keeper);
	stunnel_keeper_reap(&keeper);
}

static void what_slurmstepd_has_done_runs_no_command(void)
{
	installation_make(STUNNEL_KEEPER);
	have_done("clear");
	CHECK(!installation_has("commands"));
	have_done("sweep");
	CHECK(installation_count("commands", "stop") == 1);
	CHECK(installation_count("commands", "transfer") == 1);
}

static bool is_writable(int fd)
{
	struct pollfd writable = { .fd = fd, .events = POLLOUT };

	/* A worker of the kernel's makes the room. */
	return poll(&writable, 1, 20) == 1 && (writable.revents & POLLOUT) != 0;
}

/* Opens a terminal that takes some bytes more, but not a line. Returns its other end. */
static int open_full_terminal(int *terminal)
{
	/* The kernel makes room for 512 bytes at a time. */
	static const char nearly_all[512 - 8];
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	char byte = 'x';
	int flags;

	CHECK(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	*terminal = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	CHECK(*terminal >= 0);
	flags = fcntl(*terminal, F_GETFL);
	CHECK(fcntl(*terminal, F_SETFL, flags | O_NONBLOCK) == 0);
	while (write(*terminal, &byte, 1) == 1)
		;
	do {
		while (!is_writable(*terminal))
			CHECK(read(master, &byte, 1) == 1);
		CHECK(write(*terminal, nearly_all, sizeof(nearly_all)) > 0);
	} while (!is_writable(*terminal));
	CHECK(fcntl(*terminal, F_SETFL, flags) == 0);
	return master;
}

/* As that of salloc's user, whose connection hangs. */
static void nor_does_a_terminal_that_is_stuck(void)
{
	int master, terminal;

	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	master = open_full_terminal(&terminal);
	ask_with_this_voice(terminal);
	CHECK(is_answered("ready"));
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(commands_are(2, 2));
	end_lifeline();
	CHECK(close(master) == 0);
}

static void what_a_tunnel_is_can_be_read_beside_it(void)
{
	const char *state;

	begin_with_tunnel(STUNNEL_KEEPER);
	EVENTUALLY(installation_has("control/state"));
	state = installation_read("control/state");
	CHECK(strncmp(state, "state=up", 9) == 0);
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && is_answered("up"));
	EVENTUALLY(installation_has("control/state"));
	end_lifeline();
}

/* Leaves what `stunnel open` would for the tunnel of `directory`, and says so. */
static void revise(const char *directory)
{
	const char *java = installation_path("libexec/java");
	const char *const fields[][2] = { { "dir", installation_path(directory) },
					  { "stop", java }, { "stop", "stop" },
					  { "start", java }, { "start", "start" },
					  { "forward", "/usr/bin/touch" },
					  { "forward", installation_path("revised") },
					  { "plan", "9001" },
					  { "routes", "login:9001 -> cn1:9001" } };
	struct stunnel_record words = { 0 };
	int file;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		stunnel_record_add(&words, fields[i][0], fields[i][1]);
	stunnel_record_end(&words);
	EVENTUALLY(installation_has("control/state"));
	file = open(installation_path("control/commands"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CHECK(file >= 0 && write(file, words.data, words.size) == (ssize_t)words.size);
	CHECK(close(file) == 0);
	stunnel_record_free(&words);
	CHECK(kill(keeper.pid, SIGUSR1) == 0);
	EVENTUALLY(!installation_has("control/commands"));
}

/* True when the keeper tells of the tunnel as revise() made it. */
static bool is_revised(void)
{
	const char *state = installation_read("control/state");

	/* Field by field: it may have grown since. */
	while (*state && strcmp(state, "plan=9001") != 0)
		state += strlen(state) + 1;
	return *state != '\0';
}

static void what_was_changed_holds_after_a_loss_too(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	revise("control");
	EVENTUALLY(is_revised());
	CHECK(!installation_has("revised"));
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && says("tunnel down: login:9001 -> cn1:9001"));
	CHECK(is_answered("up") && installation_has("revised"));
	EVENTUALLY(is_revised());
	end_lifeline();
}

static void a_change_of_another_tunnel_is_none(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	revise("elsewhere");
	CHECK(!is_revised());
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	CHECK(is_answered("down") && says("tunnel down: login:8001 -> cn1:8000"));
	EVENTUALLY(commands_are(2, 2));
	end_lifeline();
}

static void a_change_that_is_no_message_is_none(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	EVENTUALLY(installation_has("control/state"));
	CHECK(kill(keeper.pid, SIGUSR1) == 0);
	installation_write("control/commands", "forward=/bin/true");
	CHECK(kill(keeper.pid, SIGUSR1) == 0);
	EVENTUALLY(!installation_has("control/commands"));
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(commands_are(2, 2));
	end_lifeline();
}

static void a_lost_tunnel_is_noticed_though_its_companion_lives(void)
{
	pid_t companion;

	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	installation_write("companion", "");
	open_tunnel();
	companion = last_in("companions");
	CHECK(companion > 0 && kill(companion, 0) == 0);
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(commands_are(2, 2));
	CHECK(kill(companion, 0) == -1 && errno == ESRCH);
	end_lifeline();
}

static void a_companion_that_ends_is_no_loss(void)
{
	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	installation_write("companion", "");
	open_tunnel();
	CHECK(kill(last_in("companions"), SIGKILL) == 0);
	EVENTUALLY(kill(last_in("companions"), 0) == -1);
	CHECK(kill(last_in("masters"), 0) == 0);
	end_lifeline();
	CHECK(commands_are(1, 1));
}

/* True when all that the keeper started has ended, and it has not looked yet. */
static bool has_only_zombies(void)
{
	char path[64], line[512], state = 'Z';
	FILE *children, *child;
	long pid;

	(void)snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", (long)keeper.pid,
		       (long)keeper.pid);
	children = fopen(path, "re");
	CHECK(children != NULL);
	while (state == 'Z' && fscanf(children, "%ld", &pid) == 1) {
		(void)snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
		child = fopen(path, "re");
		CHECK(child && fgets(line, sizeof(line), child) && fclose(child) == 0);
		CHECK(sscanf(strrchr(line, ')'), ") %c", &state) == 1);
	}
	CHECK(fclose(children) == 0);
	return state == 'Z';
}

static void a_tunnel_lost_before_it_is_told_comes_back(void)
{
	begin(STUNNEL_KEEPER, OPENING UP "await go\nrun stop\n" READY "note said\n");
	ask("open");
	EVENTUALLY(commands_are(1, 1));
	CHECK(kill(keeper.pid, SIGSTOP) == 0);
	installation_write("go", "");
	EVENTUALLY(installation_count("notes", "said") == 1 && has_only_zombies());
	CHECK(kill(keeper.pid, SIGCONT) == 0);
	CHECK(is_answered("ready"));
	EVENTUALLY(commands_are(2, 2));
	end_lifeline();
}

static void a_directory_that_was_replaced_is_not_used_again(void)
{
	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	installation_script(2, TAKE "note asked\n" EOF_);
	open_tunnel();
	EVENTUALLY(installation_has("control/state"));
	CHECK(rename(installation_path("control"), installation_path("moved")) == 0);
	CHECK(mkdir(installation_path("control"), 0700) == 0);
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	/* Another tunnel is asked for, with a directory of its own. */
	EVENTUALLY(installation_count("notes", "asked") == 1);
	CHECK(installation_count("commands", "start") == 1);
	end_lifeline();
}

static void a_restart_that_fails_is_tried_again(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	installation_write("fail.start", "");
	installation_write("fail.forward", "");
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	/* Without a start no forward; without that, the start again. */
	EVENTUALLY(commands_are(4, 3));
	CHECK(kill(last_in("masters"), 0) == 0);
	end_lifeline();
}

static void a_restart_that_hangs_is_tried_again(void)
{
	begin_with_tunnel(STUNNEL_HASTY_KEEPER);
	installation_write("hang.start", "");
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(installation_count("commands", "start") >= 3);
	CHECK(unlink(installation_path("hang.start")) == 0);
	EVENTUALLY(installation_count("commands", "forward") == 2);
	end_lifeline();
}

static void the_lifeline_ends_a_restart_too(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	installation_write("hang.start", "");
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(commands_are(2, 1));
	end_lifeline();
}

/* --- a keeper that is killed ------------------------------------------------------ */

static void a_killed_keeper_is_swept_up_after(void)
{
	pid_t master;

	begin_with_tunnel(STUNNEL_KEEPER);
	master = last_in("masters");
	CHECK(kill(keeper.pid, SIGKILL) == 0);
	CHECK(waitpid(keeper.pid, NULL, 0) == keeper.pid);
	CHECK(kill(master, 0) == 0 && installation_has("control"));
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(!installation_has("control") && installation_count("commands", "stop") == 1);
	/* It fell to us. */
	CHECK(waitpid(master, NULL, 0) == master);
	stunnel_keeper_hang_up(&keeper);
	stunnel_record_free(&answer);
}

static void a_master_that_hangs_outlives_its_keeper_for_moments_only(void)
{
	pid_t master;
	int status;

	begin_with_tunnel(STUNNEL_KEEPER);
	master = last_in("masters");
	/* As a stopped one: it takes the stop command's connection, and no signal but this one. */
	installation_write("hang.stop", "");
	CHECK(kill(master, SIGSTOP) == 0);
	CHECK(kill(keeper.pid, SIGKILL) == 0 && waitpid(keeper.pid, NULL, 0) == keeper.pid);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	EVENTUALLY(waitpid(master, &status, WNOHANG) == master);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	CHECK(!installation_has("control"));
	stunnel_keeper_hang_up(&keeper);
	stunnel_record_free(&answer);
}

/* The one that came back is another process than the first one was. */
static void nor_does_one_that_came_back(void)
{
	begin_with_tunnel(STUNNEL_KEEPER);
	CHECK(kill(last_in("masters"), SIGKILL) == 0);
	EVENTUALLY(commands_are(2, 2));
	installation_write("hang.stop", "");
	/* The keeper has seen the end of the command once it has left word of it. */
	EVENTUALLY(strstr(installation_read("control/state"), "state=up"));
	CHECK(kill(keeper.pid, SIGKILL) == 0 && waitpid(keeper.pid, NULL, 0) == keeper.pid);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	EVENTUALLY(waitpid(last_in("masters"), NULL, WNOHANG) == last_in("masters"));
	stunnel_keeper_hang_up(&keeper);
	stunnel_record_free(&answer);
}

static const char *job_key(void)
{
	static char key[STUNNEL_KEY_LENGTH + 1];

	(void)snprintf(key, sizeof(key), "98%030lx", (long)getpid());
	return key;
}

static bool is_locked(void)
{
	char path[96];

	(void)snprintf(path, sizeof(path), "/tmp/stunnel-%lu-%s.lock",
		       (unsigned long)geteuid(), job_key());
	return access(path, F_OK) == 0;
}

static void the_lock_of_a_killed_keeper_is_swept_up_too(void)
{
	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	ask_with("open", job_key());
	CHECK(is_answered("ready") && is_locked());
	CHECK(kill(keeper.pid, SIGKILL) == 0 && waitpid(keeper.pid, NULL, 0) == keeper.pid);
	CHECK(is_locked());
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(!is_locked() && !installation_has("control"));
	stunnel_keeper_hang_up(&keeper);
	stunnel_record_free(&answer);
}

/* --- a tunnel that steps share ------------------------------------------------------ */

/* This process becomes the launcher of a second step; the first one is put away. */
struct step {
	struct stunnel_keeper keeper;
	struct stunnel_lifeline lifeline;
};

static struct step put_away(void)
{
	struct step step = { .keeper = keeper, .lifeline = lifeline };

	keeper = (struct stunnel_keeper)STUNNEL_NO_KEEPER;
	lifeline = (struct stunnel_lifeline)STUNNEL_NO_LIFELINE;
	return step;
}

static void take_up(const struct step *step)
{
	keeper = step->keeper;
	lifeline = step->lifeline;
}

static struct step begin_two_steps(const char *second_script)
{
	struct step first;

	begin(STUNNEL_KEEPER, OPENING UP READY EOF_);
	installation_script(2, second_script);
	ask_with("open", job_key());
	CHECK(is_answered("ready") && is_locked());
	first = put_away();
	start_keeper(STUNNEL_CHILD);
	ask_with("open", job_key());
	CHECK(is_answered("shared"));
	/* Nothing was started for it. */
	CHECK(installation_count("starts", "java           ") == 1);
	return first;
}

static bool is_only_child(pid_t pid)
{
	char path[64], list[64] = "";
	FILE *children;

	(void)snprintf(path, sizeof(path), "/proc/self/task/%ld/children", (long)getpid());
	children = fopen(path, "re");
	CHECK(children && fgets(list, sizeof(list), children) && fclose(children) == 0);
	return strtol(list, NULL, 10) == pid && strchr(list, ' ') == list + strlen(list) - 1;
}

/* Ends the first step; what it opened is gone, and its directory free for the second one. */
static void end_first(const struct step *first)
{
	struct step second = put_away();

	take_up(first);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	EVENTUALLY(has_ended());
	stunnel_keeper_hang_up(&keeper);
	take_up(&second);
}

static void a_second_step_takes_over_when_the_first_ends(void)
{
	struct step first = begin_two_steps(OPENING UP READY EOF_);

	end_first(&first);
	EVENTUALLY(commands_are(2, 2));
	CHECK(is_locked());
	end_lifeline();
	CHECK(!is_locked());
}

static void a_takeover_that_fails_is_tried_again(void)
{
	struct step first = begin_two_steps(OPENING "run start\n" FAILED EOF_);

	end_first(&first);
	EVENTUALLY(installation_count("starts", "java           ") == 3);
	EVENTUALLY(commands_are(3, 2));
	end_lifeline();
}

static void a_takeover_from_a_killed_keeper_is_not_swept_away(void)
{
	struct step first = begin_two_steps(TAKE "mkdir %s/second\n"
						 "say answer=opening|dir=%s/second\nfork\n"
						 "note taken\n" READY EOF_);
	struct step second = put_away();

	take_up(&first);
	CHECK(kill(keeper.pid, SIGKILL) == 0 && waitpid(keeper.pid, NULL, 0) == keeper.pid);
	EVENTUALLY(installation_count("notes", "taken") == 1);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	CHECK(!installation_has("control"));
	stunnel_keeper_hang_up(&keeper);
	take_up(&second);
	/* What the killed one left fell to us. */
	EVENTUALLY(waitpid(-1, NULL, WNOHANG) == 0 && is_only_child(keeper.pid));
	CHECK(is_locked() && installation_has("second"));
	CHECK(waitpid(keeper.pid, NULL, WNOHANG) == 0);
	end_lifeline();
	CHECK(!is_locked() && !installation_has("second"));
}

static void a_step_that_waits_ends_with_its_lifeline(void)
{
	struct step first = begin_two_steps(EOF_);
	struct step second = put_away();

	take_up(&second);
	stunnel_lifeline_end(&lifeline, tap_directory(), NULL);
	EVENTUALLY(has_ended());
	stunnel_keeper_hang_up(&keeper);
	CHECK(is_locked() && kill(last_in("masters"), 0) == 0);
	take_up(&first);
	end_lifeline();
	CHECK(!is_locked());
}

#define CONTESTED "say answer=failed|text=the port is taken|contested=yes|policy=require\n"

static void a_listener_of_another_step_is_waited_for_if_the_plugin_says_so(void)
{
	static const char persist[] = "request=persist\0";

	begin(STUNNEL_KEEPER, OPENING CONTESTED EOF_);
	installation_script(2, OPENING UP READY EOF_);
	ask_with("open", job_key());
	CHECK(is_answered("failed") && says("the port is taken"));
	CHECK(waitpid(keeper.pid, NULL, WNOHANG) == 0);
	CHECK(send(keeper.channel, persist, sizeof(persist), MSG_NOSIGNAL) == sizeof(persist));
	CHECK(is_answered("up") && says("tunnel up: login:8001 -> cn1:8000"));
	CHECK(installation_count("starts", "java           ") == 2);
	end_lifeline();
}

static void a_listener_of_somebody_else_is_not(void)
{
	begin(STUNNEL_KEEPER, OPENING CONTESTED EOF_);
	ask_with("open", job_key());
	CHECK(is_answered("failed") && says("the port is taken"));
	stunnel_keeper_hang_up(&keeper);
	ends();
	CHECK(installation_count("starts", "java           ") == 1);
}

static void a_tunnel_that_is_not_shared_is_not_contested(void)
{
	begin(STUNNEL_KEEPER, OPENING CONTESTED EOF_);
	ask("open");
	CHECK(is_answered("failed"));
	ends();
}

/* --- what the runtime gets from us --------------------------------------------------- */

/* The environment of the runtime as its report has it. */
static const char *environment(void)
{
	static char text[8192];
	const char *start = strstr(installation_read("report"), "\nenvironment\n");
	const char *end = start ? strstr(start, "\narguments\n") : NULL;

	CHECK(end != NULL);
	(void)snprintf(text, sizeof(text), "%.*s", (int)(end - start), start);
	return text;
}

static int lines_of(const char *text)
{
	int lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

/* A keeper with all that a Slurm process, and a user's environment, could leave it. */
static void start_encumbered(void)
{
	static char program[256], parent[32];
	char *argv[] = { program, (char *)"57", parent, NULL };
	char *env[] = { (char *)"SSH_AUTH_SOCK=/tmp/agent", (char *)"KRB5CCNAME=FILE:/tmp/k",
			(char *)"JAVA_TOOL_OPTIONS=-agentpath:/x", (char *)"_JAVA_OPTIONS=-Xint",
			(char *)"JDK_JAVA_OPTIONS=-Xint", (char *)"CLASSPATH=/x",
			(char *)"LD_LIBRARY_PATH=/x", (char *)"PATH=/x", (char *)"HOME=/x",
			(char *)"BASH_ENV=/x", (char *)"IFS=x", (char *)"SLURM_CONF=/x", NULL };
	sigset_t all;
	int pair[2];

	(void)snprintf(program, sizeof(program), "%s", installation_path("libexec/stunnel-keeper"));
	(void)snprintf(parent, sizeof(parent), "%ld", (long)getpid());
	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	keeper = (struct stunnel_keeper){ .pid = fork(), .channel = pair[0] };
	if (keeper.pid == 0) {
		for (int i = 0; i < 50; i++)
			CHECK(open("/etc/passwd", O_RDONLY) >= 0);
		CHECK(dup2(pair[1], 57) == 57);
		/* As `srun <&- >&-` has none of them. */
		CHECK(close(STDIN_FILENO) == 0 && close(STDOUT_FILENO) == 0);
		CHECK(sigfillset(&all) == 0 && sigprocmask(SIG_SETMASK, &all, NULL) == 0);
		CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR && signal(SIGTERM, SIG_IGN) != SIG_ERR);
		CHECK(chdir("/usr") == 0);
		(void)execve(program, argv, env);
		_exit(127);
	}
	CHECK(close(pair[1]) == 0);
}

static void the_runtime_inherits_nothing(void)
{
	unsigned long soft, hard, ignored;
	const char *report;
	char pid[16];

	installation_make(STUNNEL_KEEPER);
	installation_script(0, TAKE "report\nsay answer=ok\n" EOF_);
	start_encumbered();
	ask("check");
	CHECK(is_answered("ok"));
	(void)snprintf(pid, sizeof(pid), "%ld", (long)keeper.pid);
	/* . and .., 0 to 3, the signals, the runtime. */
	CHECK(tap_descriptors(pid) == 8 || tap_has_own_descriptors());
	CHECK(installation_count("report", "fd 0 socket:") == 1);
	CHECK(installation_count("report", "fd 1 socket:") == 1);
	CHECK(installation_count("report", "fd 2 /dev/null") == 1);
	report = installation_read("report");
	CHECK(!strstr(report, "fd 3 "));
	CHECK(installation_count("report", "cwd /") == 1);
	CHECK(installation_count("report", "umask 077") == 1);
	CHECK(installation_count("report", "session the parent's") == 1);
	CHECK(strstr(report, "\nSigBlk:\t0000000000000000\n"));
	/* 32 and 33 are the C library's own, which it lets nobody touch. */
	CHECK(sscanf(strstr(report, "\nSigIgn:"), " SigIgn: %lx", &ignored) == 1);
	CHECK((ignored & ~0x180000000UL) == 0);
	CHECK(strstr(report, "\nNoNewPrivs:\t0\n"));
	CHECK(installation_count("report", "SSH_AUTH_SOCK=/tmp/agent") == 1);
	CHECK(installation_count("report", "KRB5CCNAME=FILE:/tmp/k") == 1);
	CHECK(installation_count("report", "PATH=/usr/local/bin:/usr/bin:/bin") == 1);
	CHECK(installation_count("report", "LANG=C.UTF-8") == 1);
	CHECK(strstr(environment(), "\nHOME=/") && strstr(environment(), "\nUSER="));
	CHECK(strstr(environment(), "\nLOGNAME="));
	/* The label, and these seven. */
	CHECK(lines_of(environment()) == 8);
	CHECK(sscanf(strstr(report, "\nMax core"), " Max core file size %lu %lu", &soft,
		     &hard) == 2);
	CHECK(soft == 0 && hard == 0);
	CHECK(sscanf(strstr(report, "\nMax open"), " Max open files %lu %lu", &soft, &hard) == 2);
	CHECK(soft == hard);
	stunnel_keeper_hang_up(&keeper);
	ends();
}

static void the_runtime_gets_no_variable_that_nobody_named(void)
{
	CHECK(setenv("LD_PRELOAD", "/nowhere.so", 1) == 0);
	CHECK(setenv("JAVA_TOOL_OPTIONS", "-agentpath:/x", 1) == 0);
	CHECK(setenv("SSH_AUTH_SOCK", "/x", 1) == 0);
	begin(STUNNEL_KEEPER, TAKE "report\nsay answer=ok\n" EOF_);
	ask("check");
	CHECK(is_answered("ok"));
	CHECK(lines_of(environment()) == 6);
	CHECK(!strstr(environment(), "LD_PRELOAD") && !strstr(environment(), "SSH_AUTH_SOCK"));
	stunnel_keeper_hang_up(&keeper);
	ends();
}

/* What the launcher hears of a keeper that ends before it has read a word. */
static void is_told(const char *reason)
{
	CHECK(!is_answered("") && strstr(error, reason));
	stunnel_keeper_hang_up(&keeper);
	stunnel_record_free(&answer);
	stunnel_keeper_reap(&keeper);
}

static void a_user_whom_the_host_does_not_know_is_told_so(void)
{
	pid_t pid;
	int status;

	if (geteuid() != 0)
		tap_skip("needs root, to be another user");
	installation_make(STUNNEL_KEEPER);
	pid = fork();
	if (pid == 0) {
		CHECK(setresuid(4000000000U, 4000000000U, 4000000000U) == 0);
		start_keeper(STUNNEL_CHILD);
		is_told("this host knows no user with your number");
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

static void a_user_directory_that_hangs_is_given_up(void)
{
	const char *fifo;

	if (geteuid() != 0)
		tap_skip("needs root, to have an /etc/passwd of its own");
	installation_make(STUNNEL_HASTY_KEEPER);
	fifo = installation_path("passwd");
	/* Opened by a reader, it waits for a writer that never comes. */
	CHECK(mkfifo(fifo, 0644) == 0 && unshare(CLONE_NEWNS) == 0);
	CHECK(mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0);
	CHECK(mount(fifo, "/etc/passwd", "none", MS_BIND, NULL) == 0);
	start_keeper(STUNNEL_CHILD);
	is_told("the user directory of this host does not answer");
	CHECK(umount("/etc/passwd") == 0);
}

static void nobody_starts_it_by_hand(void)
{
	static const char *const arguments[][2] = {
		{ "x", "0" }, { "3", "-1" }, { "3", "1x" }, { "-3", "0" }, { "99999999999", "0" }
	};
	char *none[] = { (char *)STUNNEL_KEEPER, NULL };
	int status;

	CHECK(waitpid(stunnel_spawn(none, -1), &status, 0) > 0);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 2);
	for (size_t i = 0; i < sizeof(arguments) / sizeof(arguments[0]); i++) {
		char *argv[] = { (char *)STUNNEL_KEEPER, (char *)arguments[i][0],
				 (char *)arguments[i][1], NULL };

		CHECK(waitpid(stunnel_spawn(argv, -1), &status, 0) > 0);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 2);
	}
}

/* The ones that wait long come first. */
static const struct tap_case cases[] = {
	TAP_CASE(a_runtime_that_never_reads_is_told_in_the_end),
	TAP_VARIATION(a_stop_command_that_hangs_ends_all_the_same),
	TAP_VARIATION(children_that_ignore_sigterm_end_too),
	TAP_CASE(a_restart_that_hangs_is_tried_again),
	TAP_CASE(a_verdict_is_handed_on),
	TAP_VARIATION(a_refusal_is_handed_on_and_ends_all),
	TAP_CASE(one_runtime_judges_and_opens),
	TAP_VARIATION(requests_that_come_at_once_are_taken_in_turn),
	TAP_VARIATION(an_idle_runtime_ends_and_is_started_again_when_needed),
	TAP_CASE(a_login_is_begun_before_the_verdict_and_taken_over),
	TAP_CASE(another_login_than_the_runtime_makes_is_ended),
	TAP_VARIATION(a_login_that_fails_is_as_if_it_had_not_been),
	TAP_VARIATION(a_login_that_leaves_nobody_is_too),
	TAP_CASE(a_login_that_hangs_is_given_up),
	TAP_VARIATION(a_directory_that_is_there_is_nobodys_login),
	TAP_VARIATION(the_lifeline_ends_a_login_too),
	TAP_CASE(a_refusal_ends_a_login_too),
	TAP_VARIATION(a_login_is_swept_up_after_a_killed_keeper),
	TAP_CASE(an_archive_that_fits_is_passed),
	TAP_VARIATION(an_archive_of_other_jars_is_not_passed),
	TAP_VARIATION(an_archive_of_another_jvm_is_not_passed),
	TAP_CASE(a_damaged_archive_is_done_without),
	TAP_VARIATION(an_archive_is_not_to_blame_twice),
	TAP_CASE(a_tunnel_that_was_begun_is_not_begun_again),
	TAP_VARIATION(a_missing_runtime_is_told),
	TAP_VARIATION(a_missing_jar_is_told),
	TAP_VARIATION(a_runtime_that_others_can_write_is_not_started),
	TAP_VARIATION(a_runtime_that_only_ends_is_told),
	TAP_VARIATION(an_answer_that_means_nothing_is_told),
	TAP_CASE(an_empty_answer_is_told),
	TAP_CASE(an_answer_without_end_is_told),
	TAP_VARIATION(the_longest_answer_is_handed_on),
	TAP_CASE(a_silent_runtime_is_told_in_the_end),
	TAP_CASE(a_killed_runtime_is_told_even_if_its_child_lives),
	TAP_CASE(a_request_without_end_ends_the_keeper),
	TAP_CASE(a_tunnel_lives_as_long_as_its_lifeline),
	TAP_CASE(a_tunnel_that_fails_is_gone_before_that_is_told),
	TAP_VARIATION(a_runtime_that_stays_after_its_answer_is_killed),
	TAP_VARIATION(a_launcher_that_dies_while_it_opens_costs_nothing),
	TAP_VARIATION(a_launcher_that_dies_before_it_opens_ends_all),
	TAP_VARIATION(the_lifeline_ends_a_tunnel_that_is_not_up_yet),
	TAP_CASE(what_was_not_heard_of_yet_is_removed_too),
	TAP_VARIATION(the_death_of_the_parent_ends_all),
	TAP_VARIATION(the_death_of_the_owner_ends_all),
	TAP_VARIATION(sigterm_ends_all),
	TAP_CASE(a_lost_tunnel_comes_back),
	TAP_CASE(nobody_is_talked_to_in_a_directory_that_others_can_enter),
	TAP_CASE(nobody_is_talked_to_who_is_another_user),
	TAP_CASE(the_user_is_told_what_ssh_said_last),
	TAP_CASE(a_task_hears_of_its_tunnel_on_its_standard_error),
	TAP_CASE(a_voice_that_nobody_reads_holds_nothing_up),
	TAP_CASE(nor_does_a_terminal_that_is_stuck),
	TAP_CASE(what_slurmstepd_has_done_runs_no_command),
	TAP_CASE(what_a_tunnel_is_can_be_read_beside_it),
	TAP_CASE(what_was_changed_holds_after_a_loss_too),
	TAP_VARIATION(a_change_of_another_tunnel_is_none),
	TAP_CASE(a_change_that_is_no_message_is_none),
	TAP_CASE(a_lost_tunnel_is_noticed_though_its_companion_lives),
	TAP_VARIATION(a_companion_that_ends_is_no_loss),
	TAP_VARIATION(a_tunnel_lost_before_it_is_told_comes_back),
	TAP_CASE(a_directory_that_was_replaced_is_not_used_again),
	TAP_CASE(a_restart_that_fails_is_tried_again),
	TAP_VARIATION(the_lifeline_ends_a_restart_too),
	TAP_VARIATION(a_killed_keeper_is_swept_up_after),
	TAP_CASE(a_master_that_hangs_outlives_its_keeper_for_moments_only),
	TAP_VARIATION(nor_does_one_that_came_back),
	TAP_CASE(the_lock_of_a_killed_keeper_is_swept_up_too),
	TAP_CASE(a_second_step_takes_over_when_the_first_ends),
	TAP_CASE(a_takeover_that_fails_is_tried_again),
	TAP_VARIATION(a_takeover_from_a_killed_keeper_is_not_swept_away),
	TAP_VARIATION(a_step_that_waits_ends_with_its_lifeline),
	TAP_CASE(a_listener_of_another_step_is_waited_for_if_the_plugin_says_so),
	TAP_CASE(a_listener_of_somebody_else_is_not),
	TAP_VARIATION(a_tunnel_that_is_not_shared_is_not_contested),
	TAP_CASE(the_runtime_inherits_nothing),
	TAP_VARIATION(the_runtime_gets_no_variable_that_nobody_named),
	TAP_CASE(a_user_whom_the_host_does_not_know_is_told_so),
	TAP_CASE(a_user_directory_that_hangs_is_given_up),
	TAP_CASE(nobody_starts_it_by_hand),
};

TAP_MAIN(cases)
