package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An sshd that lets its users in, but not through: the step does not start with a tunnel that leads nowhere. */
@TestbedTest
class ForbiddenForwardIT {
    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account node = testbed.host("cn1");

    @ParameterizedTest
    @CsvSource({
        "AllowTcpForwarding=no,8001:8000,AllowTcpForwarding and PermitOpen of sshd on cn1",
        "AllowTcpForwarding=remote,8001:8000,AllowTcpForwarding and PermitOpen of sshd on cn1",
        "PermitOpen=localhost:9,8001:8000,AllowTcpForwarding and PermitOpen of sshd on cn1",
        "AllowTcpForwarding=no,R8001:8000,'sshd on cn1 forbids it (AllowTcpForwarding, PermitListen)'",
        "PermitListen=localhost:9,R8001:8000,'sshd on cn1 forbids it (AllowTcpForwarding, PermitListen)'",
    })
    void serverForbidsTheForward(String setting, String spec, String nextStep) {
        try (SshServer server = SshServer.with(node, setting)) {
            Outcome outcome = alice.type("srun -w cn1 --tunnel " + spec + " echo started");

            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.stdout()).isEmpty();
            assertThat(outcome.stderr()).contains("tunnel not opened: forward ", "8001", nextStep);
        }
    }

    @ParameterizedTest
    @CsvSource({"PermitOpen=localhost:8000,L8001:8000", "PermitListen=8001,R8001:8000"})
    void serverPermitsThisForwardAlone(String setting, String spec) {
        try (SshServer server = SshServer.with(node, setting)) {
            assertThat(alice.type("srun -w cn1 --tunnel " + spec + " echo started")
                            .stdout())
                    .isEqualTo("started\n");
        }
    }
}
