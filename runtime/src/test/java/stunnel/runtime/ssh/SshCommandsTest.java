package stunnel.runtime.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import stunnel.config.ControlSettings;
import stunnel.config.HelperTask;
import stunnel.config.LogLevel;
import stunnel.config.LogSettings;
import stunnel.config.Settings;
import stunnel.config.SshSettings;
import stunnel.config.StartPolicy;
import stunnel.plan.Policy;

class SshCommandsTest {
    private static final Settings SETTINGS = new Settings(
            new SshSettings(
                    List.of("/opt/ssh/bin/ssh", "-4"),
                    List.of("-o", "StrictHostKeyChecking=yes"),
                    true,
                    Duration.ofSeconds(7),
                    Duration.ofSeconds(11),
                    5,
                    Duration.ofSeconds(20)),
            new ControlSettings("/tmp"),
            Policy.OPEN,
            StartPolicy.REQUIRE,
            new LogSettings(true, false, LogLevel.OFF, Optional.empty()),
            Optional.empty(),
            new HelperTask(List.of("-v"), List.of()));

    private static final SshTuning TUNING =
            new SshTuning(List.of("KexAlgorithms=^curve25519-sha256"), Optional.empty());

    private final SshCommands commands = new SshCommands(SETTINGS, TUNING, "/tmp/stunnel-1001-abc", "cn1");

    @Test
    void startsAMasterWithTheSitesArgumentsFirst() {
        assertThat(String.join(" ", commands.start()))
                .isEqualTo("/opt/ssh/bin/ssh -4 -o StrictHostKeyChecking=yes -o KexAlgorithms=^curve25519-sha256"
                        + " -o BatchMode=yes -o ExitOnForwardFailure=yes -o ClearAllForwardings=yes"
                        + " -o ControlPersist=no -o RemoteCommand=none -o RequestTTY=no -o PermitLocalCommand=no"
                        + " -o ForwardAgent=no -o ForwardX11=no -o StreamLocalBindMask=0177 -o LogLevel=INFO -o ConnectTimeout=7 -o ServerAliveInterval=11"
                        + " -o ServerAliveCountMax=5 -f -N -M -S /tmp/stunnel-1001-abc/ctl"
                        + " -E /tmp/stunnel-1001-abc/log -v -- cn1");
    }

    @Test
    void addsTheWholeListAtOnce() {
        assertThat(String.join(" ", commands.forward(Plans.forwards("8001:8000,R8002:8003,D1080"))))
                .isEqualTo("/opt/ssh/bin/ssh -4 -F none -S /tmp/stunnel-1001-abc/ctl -O forward"
                        + " -L127.0.0.1:8001:localhost:8000 -R127.0.0.1:8002:localhost:8003 -D127.0.0.1:1080 x");
    }

    @Test
    void knocksAtTheFirstListenerOfTheFarEnd() {
        assertThat(String.join(
                        " ", commands.knock(Plans.forwards("8001:8000,R*:9001:localhost:80,R[::1]:9002:localhost:80"))))
                .isEqualTo("/opt/ssh/bin/ssh -4 -F none -S /tmp/stunnel-1001-abc/ctl -W 127.0.0.1:9001 -p 1 127.0.0.1");
        assertThat(commands.knock(Plans.forwards("R[::1]:9002:localhost:80"))).contains("[::1]:9002");
        assertThat(commands.knock(Plans.forwards("8001:8000,D1080"))).isEmpty();
    }

    @Test
    void talksToTheMasterWithoutTheUsersConfiguration() {
        assertThat(String.join(" ", commands.check()))
                .isEqualTo("/opt/ssh/bin/ssh -4 -F none -S /tmp/stunnel-1001-abc/ctl -O check x");
        assertThat(String.join(" ", commands.stop()))
                .isEqualTo("/opt/ssh/bin/ssh -4 -F none -S /tmp/stunnel-1001-abc/ctl -O exit x");
    }
}
