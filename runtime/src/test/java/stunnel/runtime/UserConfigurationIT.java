package stunnel.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users have in ~/.ssh/config, for their own reasons or not: the tunnel opens, does what was asked for alone, and ends. */
@DisplayName("row 21: the user's own ssh configuration")
class UserConfigurationIT {
    @TempDir
    private Path directory;

    private Installation installation;
    private PrivateSshd sshd;

    @BeforeEach
    void install() throws Exception {
        installation = Installation.fresh();
        sshd = PrivateSshd.start(Files.createDirectory(directory.resolve("sshd")));
    }

    @AfterEach
    void stop() {
        sshd.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ControlMaster yes;ControlPath %D/own",
                "ControlMaster auto;ControlPath %D/own-%C;ControlPersist yes",
                "ControlMaster autoask;ControlPath none",
                "ControlMaster no;ControlPath %D/missing/own",
                "LocalForward %T localhost:80;ExitOnForwardFailure yes",
                "RemoteForward 0.0.0.0:%T localhost:80;GatewayPorts yes",
                "DynamicForward %T;LocalForward 127.0.0.1:%T %D/socket",
                "RemoteCommand touch %D/touched;RequestTTY force",
                "PermitLocalCommand yes;LocalCommand touch %D/touched",
                "SessionType subsystem;StdinNull no;ForkAfterAuthentication no",
                "ForwardAgent yes;ForwardX11 yes;ForwardX11Trusted yes;ExitOnForwardFailure no",
                "BatchMode no;NumberOfPasswordPrompts 9;StrictHostKeyChecking ask;EscapeChar ~",
                "LogLevel DEBUG3;LogVerbose *:*:*;SyslogFacility AUTH",
                "ConnectTimeout 0;ServerAliveInterval 0;TCPKeepAlive no;ConnectionAttempts 1",
                "Tunnel no;StreamLocalBindUnlink yes;StreamLocalBindMask 0000;ClearAllForwardings no",
                "AddKeysToAgent ask;UpdateHostKeys ask;VisualHostKey yes;Compression yes"
            })
    void opensAndEndsAllTheSame(String lines) throws Exception {
        // On all addresses of either family: ssh and sshd do without one of two that "localhost" has.
        try (ServerSocket taken = new ServerSocket(0);
                GreetingService service = GreetingService.saying("hello");
                KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            sshd.addClientConfig(lines.replace("%D", directory.toString())
                    .replace("%T", Integer.toString(taken.getLocalPort()))
                    .split(";"));
            int port = PrivateSshd.freePort();
            Message opening = keeper.ask(Requests.open(port + ":" + service.port(), sshd.sshArguments()));
            Message ready = keeper.answer();
            assertThat(ready.all("text")).isEmpty();
            assertThat(ready.all("news")).containsExactly("tunnel up: login:" + port + " -> cn1:" + service.port());
            assertThat(GreetingService.fetch(port)).isEqualTo("hello");
            assertThat(new ProcessBuilder(opening.all("stop")).start().waitFor())
                    .isZero();
            Path own = Path.of(opening.required("dir"));
            Conditions.await(
                    "the master has ended",
                    () -> Conditions.processesNaming(own).isEmpty());
            Files.delete(own.resolve("errors"));
            Files.delete(own.resolve("log"));
            Files.delete(own);
        }
        assertThat(directory.toFile().list()).containsExactly("sshd");
    }
}
