package stunnel.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** helpertask_args and log.file: where ssh's and our words go, and the files that neither is written to. */
class RedirectionsIT {
    @TempDir
    private Path directory;

    private Installation installation;
    private PrivateSshd sshd;
    private Path output;

    @BeforeEach
    void install() throws Exception {
        installation = Installation.fresh();
        sshd = PrivateSshd.start(Files.createDirectory(directory.resolve("sshd")));
        output = directory.resolve("output");
    }

    @AfterEach
    void stop() {
        sshd.close();
    }

    @Test
    void collectsWhatSshSaysOfAFailure() throws Exception {
        Files.writeString(output, "earlier\n");
        sshd.trustNothing();
        fail("helpertask_args=2>>" + output);
        assertThat(output).hasContent("earlier\nHost key verification failed.");
    }

    @Test
    void emptiesAFileAndSharesItBetweenOutputAndError() throws Exception {
        Files.writeString(output, "much that was written earlier\n");
        Path command = Files.writeString(directory.resolve("ssh"), "#!/bin/sh\necho out; echo err >&2\nexit 3\n");
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
        String text = fail("ssh_cmd=" + command, "helpertask_args=>" + output + "|2>&1");
        assertThat(output).hasContent("out\nerr");
        assertThat(text).contains("exited with status 3");
    }

    @Test
    void makesTheFileForItsOwnerAlone() throws Exception {
        sshd.trustNothing();
        fail("helpertask_args=2>" + output);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
                .isEqualTo("rw-------");
    }

    @Test
    void leavesOutALink() throws Exception {
        Path victim = Files.writeString(directory.resolve("victim"), "precious");
        Files.createSymbolicLink(output, victim);
        assertThat(openWith("helpertask_args=>" + output))
                .startsWith("warning: helpertask_args: " + output + " is not used: ");
        assertThat(victim).hasContent("precious");
    }

    @Test
    void leavesOutAHardLink() throws Exception {
        Path victim = Files.writeString(directory.resolve("victim"), "precious");
        Files.createLink(output, victim);
        assertThat(openWith("helpertask_args=>" + output))
                .isEqualTo("warning: helpertask_args: " + output
                        + " is not used: it is a hard link to a file that has another name");
        assertThat(victim).hasContent("precious");
    }

    @Test
    void leavesOutADirectoryAndAPipe() throws Exception {
        Files.createDirectory(output);
        assertThat(openWith("helpertask_args=>" + output)).startsWith("warning: ");
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThat(openWith("helpertask_args=2>>" + pipe)).startsWith("warning: ");
        try (RandomAccessFile reader = new RandomAccessFile(pipe.toFile(), "rw")) {
            assertThat(openWith("helpertask_args=2>>" + pipe))
                    .as("also if somebody reads it")
                    .isEqualTo("warning: helpertask_args: " + pipe + " is not used: it is no file");
            assertThat(reader.getFD().valid()).isTrue();
        }
    }

    @Test
    void leavesOutAFileOfSomebodyElse() throws Exception {
        Assumptions.assumeTrue(Requests.uid() == 0, "only root can give a file away");
        Files.writeString(output, "theirs");
        Files.setAttribute(output, "unix:uid", 12345);
        assertThat(openWith("helpertask_args=>" + output))
                .isEqualTo(
                        "warning: helpertask_args: " + output + " is not used: it belongs to another user (uid 12345)");
        assertThat(output).hasContent("theirs");
    }

    @Test
    void writesItsLogWhereTheSettingsSay() throws Exception {
        Path conf = Files.writeString(
                directory.resolve("stunnel.conf"), "log.level = debug\nlog.file = \"" + directory + "/trace-%j\"\n");
        openWith("conf=" + conf);
        assertThat(directory.resolve("trace-812"))
                .content()
                .contains("DEBUG", "run [ssh, -F, ", ", -O, forward, -L127.0.0.1:", "INFO", "holds login:");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("trace-812"))))
                .isEqualTo("rw-------");
    }

    /** The warnings that the user reads when the tunnel is up; it is taken down again. */
    private String openWith(String... options) throws Exception {
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            Message opening = keeper.ask(Requests.open(PrivateSshd.freePort() + ":8000", with(options)));
            Message ready = keeper.answer();
            assertThat(ready.required("answer")).isEqualTo("ready");
            assertThat(new ProcessBuilder(opening.all("stop")).start().waitFor())
                    .isZero();
            Path own = Path.of(opening.required("dir"));
            Conditions.await(
                    "master ended", () -> Conditions.processesNaming(own).isEmpty());
            Files.delete(own.resolve("errors"));
            Files.delete(own.resolve("log"));
            Files.delete(own);
            assertThat(ready.required("news")).startsWith("tunnel up: ");
            return ready.optional("text").orElse("");
        }
    }

    private String fail(String... options) throws Exception {
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            keeper.ask(Requests.open("8001:8000", with(options)));
            Message failed = keeper.answer();
            assertThat(failed.required("answer")).isEqualTo("failed");
            return failed.required("text");
        }
    }

    private String[] with(String... options) {
        List<String> all = new ArrayList<>(List.of(sshd.sshArguments()));
        all.addAll(List.of(options));
        return all.toArray(String[]::new);
    }
}
