package stunnel.runtime;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A runtime JVM, started and talked to as the keeper does it. */
final class KeeperSide implements AutoCloseable {
    private final Process process;
    private final MessageWriter requests;
    private final MessageReader answers;

    private KeeperSide(Process process) {
        this.process = process;
        this.requests = new MessageWriter(process.getOutputStream());
        this.answers = new MessageReader(new BufferedInputStream(process.getInputStream()));
    }

    static KeeperSide start(List<String> argv) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(argv).directory(Path.of("/").toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(List.of("HOME", "USER", "LOGNAME"));
        environment.put("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin");
        environment.put("LANG", "C.UTF-8");
        return new KeeperSide(
                builder.redirectError(ProcessBuilder.Redirect.DISCARD).start());
    }

    Message ask(Message request) throws IOException {
        requests.write(request);
        return answer();
    }

    void say(byte[] bytes) throws IOException {
        process.getOutputStream().write(bytes);
        process.getOutputStream().flush();
    }

    Message answer() throws IOException {
        return answers.read().orElseThrow(() -> new IOException("the runtime ended without an answer"));
    }

    /** Closes the runtime's standard input, and gives its status. */
    int end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        return process.waitFor();
    }

    boolean hasNothingMoreToSay() throws IOException {
        return answers.read().isEmpty();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
