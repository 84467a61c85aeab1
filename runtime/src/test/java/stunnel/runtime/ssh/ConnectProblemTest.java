package stunnel.runtime.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against lines that ssh 9.2 wrote. */
class ConnectProblemTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Host key verification failed.;run `ssh cn1` once on login",
                "root@127.0.0.1: Permission denied (publickey,password).;`ssh cn1` on login must work without a password",
                "ssh: connect to host cn1 port 22: Connection refused;ask the administrator whether sshd runs on cn1",
                "ssh: connect to host cn1 port 22: No route to host;cn1 or its network is down",
                "ssh: Could not resolve hostname cn1: Name or service not known;login cannot look up cn1",
                "Connection timed out during banner exchange;cn1 is down, overloaded or behind a firewall",
                "kex_exchange_identification: Connection closed by remote host;sshd on cn1 turns away who comes while it is busy",
                "Connection closed by 10.77.0.11 port 22;sshd on cn1 refuses the session",
                "Access denied by pam_slurm_adopt: you have no active jobs on this node;cn1 does not know of the job",
                "unix_listener: cannot bind to path /tmp/d/ctl.icqc2eBZ9YpP8J0b: No space left on device;make room in the folder",
                "muxserver_listen: link mux listener /tmp/d/ctl.ZVeO18 => /tmp/d/ctl: Operation not permitted;the folder of control.dir on login has no hard links",
                "command-line: line 0: Bad configuration option: nosuchthing;correct ssh_args in plugstack.conf",
                "something that nobody has seen;try `ssh -v cn1 true` by hand on login",
            })
    void leadsToANextStep(String line, String step) {
        Routes routes = new Routes(Plans.of("8001:8000"), "login", "cn1");
        String text = ConnectProblem.failure(routes, "exited with status 255", lines(line))
                .text();
        assertThat(text)
                .startsWith("tunnel not opened: login:8001 -> cn1:8000: ssh from login to cn1 exited with status 255\n")
                .contains("\n  ssh: " + line + "\n  next: " + step);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kex_exchange_identification: Connection closed by remote host|Connection closed by 10.77.0.11 port 22",
                "kex_exchange_identification: read: Connection reset by peer|Connection reset by 10.77.0.11 port 22",
                "kex_exchange_identification: write: Broken pipe",
                "ssh_exchange_identification: Connection closed by remote host",
            })
    void waitsForAServerThatShedsLoad(String lines) {
        assertThat(ConnectProblem.mayPass(lines(lines), 0)).isTrue();
        assertThat(ConnectProblem.mayPass(lines(lines), 59)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Access denied by pam_slurm_adopt: you have no active jobs on this node|Connection closed by 10.77.0.11 port 22",
                "Connection closed by 10.77.0.11 port 22",
                "Connection reset by 10.77.0.11 port 22",
            })
    void waitsAFewSecondsForANodeThatDoesNotKnowTheJobYet(String lines) {
        assertThat(ConnectProblem.mayPass(lines(lines), 4)).isTrue();
        assertThat(ConnectProblem.mayPass(lines(lines), 5)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice@cn1: Permission denied (publickey).",
                "Host key verification failed.",
                "ssh: connect to host cn1 port 22: Connection refused",
                "ssh: connect to host cn1 port 22: Connection timed out",
                "Connection timed out during banner exchange|Connection to 10.77.0.11 port 22 timed out",
                "kex_exchange_identification: banner line contains invalid characters",
                "command-line: line 0: Bad configuration option: nosuchthing",
                "something that nobody has seen",
                "alice@cn1: Permission denied (publickey).|Connection closed by 10.77.0.11 port 22",
            })
    void waitsForNothingElse(String lines) {
        assertThat(ConnectProblem.mayPass(lines(lines), 0)).isFalse();
    }

    /** What comes on standard error counts as long as no server can have said it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "command-line: line 0: Bad configuration option: foo;'';true;correct ssh_args in plugstack.conf",
                "ssh: Could not resolve hostname jump: Name or service not known;kex_exchange_identification: Connection closed by remote host|Connection closed by UNKNOWN port 65535;true;login cannot look up cn1",
                "REMOTE HOST IDENTIFICATION HAS CHANGED;'';false;see whether `ssh cn1 true` on login waits, too",
                "REMOTE HOST IDENTIFICATION HAS CHANGED;Connection reset by 10.77.0.11 port 22;true;sshd on cn1 refuses the session",
                "REMOTE HOST IDENTIFICATION HAS CHANGED;something that nobody has seen;true;try `ssh -v cn1 true` by hand on login",
                "Access denied by pam_slurm_adopt: you have no active jobs on this node;Connection closed by 10.77.0.11 port 22;true;cn1 does not know of the job",
                "Access denied by pam_slurm_adopt: you have no active jobs on this node;something that nobody has seen;true;try `ssh -v cn1 true` by hand on login",
                "'';Received disconnect from 10.77.0.11 port 22:2: Permission denied|Host key verification failed.;true;try `ssh -v cn1 true` by hand on login",
                "'';Unable to negotiate with 10.77.0.11 port 22: no matching cipher found. Their offer: Permission denied;true;try `ssh -v cn1 true` by hand on login",
                "'';Bad remote protocol version identification: 'SSH-2.0 timed out'|Host key verification failed.;true;try `ssh -v cn1 true` by hand on login",
                "'';alice@cn1: Permission denied (No space left on device|Access denied by pam_slurm).;true;`ssh cn1` on login must work without a password",
            })
    void isTakenFromNoServer(String errors, String log, boolean ended, String step) {
        SshWords words = SshWords.of(split(log), split(errors), ended);
        Routes routes = new Routes(Plans.of("8001:8000"), "login", "cn1");
        String what = ended ? "exited with status 255" : "took too long and was ended";
        TunnelFailure failure = ConnectProblem.failure(routes, what, words);
        assertThat(failure.nextStep()).startsWith(step);
        assertThat(failure.sshLines()).containsAll(split(errors)).containsAll(split(log));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"kex_exchange_identification: Connection closed by remote host", "Access denied by pam_slurm"})
    void asksNoOftenerForAServerThatWantsIt(String banner) {
        SshWords closed = SshWords.of(List.of("Connection closed by 10.77.0.11 port 22"), List.of(banner), true);
        SshWords refused = SshWords.of(List.of("alice@cn1: Permission denied (publickey)."), List.of(banner), true);
        assertThat(ConnectProblem.mayPass(closed, 4)).isTrue();
        assertThat(ConnectProblem.mayPass(closed, 5)).isFalse();
        assertThat(ConnectProblem.mayPass(refused, 0)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "'';Connection closed by 10.77.0.11 port 22;true",
                "Access denied by pam_slurm_adopt: you have no active jobs on this node;Connection closed by 10.77.0.11 port 22;false",
                "'';kex_exchange_identification: Connection closed by remote host|Connection closed by 10.77.0.11 port 22;false",
                "'';Connection reset by 10.77.0.11 port 22;false",
                "'';Host key verification failed.;false",
            })
    void asksForDetailsOfAServerThatOnlyCloses(String errors, String log, boolean unexplained) {
        assertThat(ConnectProblem.isUnexplained(SshWords.of(split(log), split(errors), true)))
                .isEqualTo(unexplained);
    }

    private static SshWords lines(String text) {
        return SshWords.ofLog(split(text));
    }

    private static List<String> split(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("\\|", -1));
    }
}
