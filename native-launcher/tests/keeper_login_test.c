/* SPDX-License-Identifier: Apache-2.0 */
/* Logins that are begun before the verdict. */
#include "installation.h"
#include "launcher.h"
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* Who ends us may kill us in the next moment, with all that knows of it. */
static void the_directory_goes_before_the_login_is_ended(void)
{
	begin(STUNNEL_KEEPER, TAKE "hang\n");
	ask("check");
	begin_login("trap '[ -e $0/early ] || : >$0/vanished; exit' TERM; echo $$ >$0/login; "
		    ": >$0/begun; sleep 1000 & wait");
	EVENTUALLY(installation_has("begun"));
	end_lifeline();
	CHECK(is_gone("login") && installation_has("vanished"));
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

static const struct tap_case cases[] = {
	TAP_CASE(a_login_is_begun_before_the_verdict_and_taken_over),
	TAP_CASE(another_login_than_the_runtime_makes_is_ended),
	TAP_VARIATION(a_login_that_fails_is_as_if_it_had_not_been),
	TAP_VARIATION(a_login_that_leaves_nobody_is_too),
	TAP_CASE(a_login_that_hangs_is_given_up),
	TAP_VARIATION(a_directory_that_is_there_is_nobodys_login),
	TAP_VARIATION(the_lifeline_ends_a_login_too),
	TAP_CASE(the_directory_goes_before_the_login_is_ended),
	TAP_CASE(a_refusal_ends_a_login_too),
	TAP_VARIATION(a_login_is_swept_up_after_a_killed_keeper),
};

TAP_MAIN(cases)
