package stunnel.runtime.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stunnel.runtime.posix.Posix;

class ControlDirectoryTest {
    private final Posix posix = Posix.system();

    @TempDir
    private Path directory;

    @Test
    void hasADifferentNameEachTime() throws Exception {
        Set<String> paths = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            try (ControlDirectory made = make(directory)) {
                assertThat(paths.add(made.path())).isTrue();
            }
        }
    }

    @Test
    void isAnnouncedBeforeItIsThere() throws Exception {
        List<String> announced = new ArrayList<>();
        try (ControlDirectory made = ControlDirectory.create(posix, directory.toString(), path -> {
            assertThat(Path.of(path)).doesNotExist();
            announced.add(path);
        })) {
            assertThat(announced).containsExactly(made.path());
        }
    }

    @Test
    void goesWithEverythingInIt() throws Exception {
        try (ControlDirectory made = make(directory)) {
            posix.close(made.create("log"));
            assertThat(made.status("log")).isPresent();
            made.removeAll();
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void isRemovedItselfEvenIfItsNameLeadsElsewhere() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        Path precious = Files.createFile(other.resolve("precious"));
        try (ControlDirectory made = make(directory)) {
            Path moved = directory.resolve("moved");
            Files.move(Path.of(made.path()), moved);
            Files.createSymbolicLink(Path.of(made.path()), other);
            posix.close(made.create("log"));
            assertThat(moved.resolve("log")).exists();
            assertThatThrownBy(made::removeAll).hasMessageContaining("Not a directory");
            assertThat(moved).isEmptyDirectory();
        }
        assertThat(precious).exists();
    }

    @Test
    void trustsStickyDirectoriesOnly() throws Exception {
        permit("rwxrwxrwx");
        refuses(directory, directory + " can be changed by others (mode 777)");
        permit("rwxrwx---");
        refuses(directory, directory + " can be changed by others (mode 770)");
        assertThat(new ProcessBuilder("chmod", "1777", directory.toString())
                        .start()
                        .waitFor())
                .isZero();
        make(directory).close();
    }

    @Test
    void looksAtEveryDirectoryOnTheWay() throws Exception {
        Path inner = Files.createDirectory(directory.resolve("inner"));
        permit("rwxrwxrwx");
        refuses(inner, directory + " can be changed by others");
    }

    @Test
    void followsNoLink() throws Exception {
        Path inner = Files.createDirectory(directory.resolve("inner"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
        refuses(link, link + " is a symbolic link");
        refuses(link.resolve("inner"), link + " is a symbolic link");
        assertThat(inner).isEmptyDirectory();
    }

    @Test
    void refusesWhatIsMissingNoDirectoryOrRelative() throws Exception {
        refuses(directory.resolve("none"), "none cannot be opened: No such file or directory");
        refuses(Files.createFile(directory.resolve("file")), "file cannot be opened: Not a directory");
        refuses(Path.of("relative"), "control.dir relative is not an absolute path");
    }

    @Test
    void refusesDirectoriesOfSomebodyElse() throws Exception {
        Assumptions.assumeTrue(posix.userId() == 0, "only root can give a directory away");
        Files.setAttribute(directory, "unix:uid", 12345);
        refuses(directory, directory + " belongs to another user (uid 12345)");
    }

    @Test
    void refusesPathsThatSshCannotBind() throws Exception {
        // <parent>/stunnel-<uid>-<10 letters>/ctl
        int rest = 90 - ("/stunnel-" + posix.userId() + "-0123456789/ctl").length();
        Path longest = Files.createDirectory(
                directory.resolve("x".repeat(rest - directory.toString().length() - 1)));
        make(longest).close();
        Path longer = Files.createDirectory(Path.of(longest + "x"));
        refuses(longer, " has 91 bytes, more than the 90 that ssh can use");
        assertThat(longer).isEmptyDirectory();
    }

    /** Whoever removes what killed sessions left finds it held. */
    @Test
    void isHeldUntilItIsClosed() throws Exception {
        ControlDirectory made = make(directory);
        assertThat(isHeld(made.path())).isTrue();
        made.close();
        assertThat(isHeld(made.path())).isFalse();
        try (ControlDirectory taken = takenOver(directory, made.path()).orElseThrow()) {
            assertThat(isHeld(taken.path())).isTrue();
            assertThat(taken.isTaken()).isTrue();
        }
    }

    @Test
    void isTakenOverOnlyIfItIsWhatItWouldHaveMade() throws Exception {
        var own = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Path other = Files.createDirectory(directory.resolve("other"));
        Path login = Files.createDirectory(directory.resolve("login"), own);
        Files.createDirectory(other.resolve("login"), own);
        assertThat(takenOver(other, login.toString())).as("of another folder").isEmpty();
        assertThat(takenOver(other, other + "/../login")).isEmpty();
        assertThat(takenOver(directory, directory + "/none")).isEmpty();
        Path link = Files.createSymbolicLink(directory.resolve("link"), login);
        assertThat(takenOver(directory, link.toString())).isEmpty();
        Files.setPosixFilePermissions(login, PosixFilePermissions.fromString("rwx--x---"));
        assertThat(takenOver(directory, login.toString()))
                .as("others may enter")
                .isEmpty();
    }

    @Test
    void isNotTakenOverFromSomebodyElse() throws Exception {
        Assumptions.assumeTrue(posix.userId() == 0, "only root can give a directory away");
        try (ControlDirectory made = make(directory)) {
            Files.setAttribute(Path.of(made.path()), "unix:uid", 12345);
            assertThat(takenOver(directory, made.path())).isEmpty();
        }
    }

    private static boolean isHeld(String path) throws Exception {
        String[] others = {"flock", "--nonblock", "--exclusive", path, "true"};
        return new ProcessBuilder(others).start().waitFor() != 0;
    }

    private Optional<ControlDirectory> takenOver(Path parent, String path) throws Exception {
        return ControlDirectory.takeOver(posix, parent.toString(), path);
    }

    private void permit(String permissions) throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
    }

    private void refuses(Path parent, String reason) {
        assertThatThrownBy(() -> make(parent)).isInstanceOf(TunnelFailure.class).hasMessageContaining(reason);
    }

    private ControlDirectory make(Path parent) throws Exception {
        return ControlDirectory.create(posix, parent.toString(), path -> {});
    }
}
