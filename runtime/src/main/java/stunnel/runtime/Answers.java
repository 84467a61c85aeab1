package stunnel.runtime;

import java.util.List;
import java.util.Optional;
import stunnel.config.StartPolicy;
import stunnel.runtime.ssh.Routes;
import stunnel.runtime.ssh.SocketListeners;
import stunnel.runtime.ssh.SshCommands;

/** The messages that the runtime answers with. */
final class Answers {
    private static final String ANSWER = "answer";
    private static final String TEXT = "text";
    private static final String ENVIRONMENT = "env";
    private static final String POLICY = "policy";

    private Answers() {}

    /** The request's spec and settings are sound, as long as the files are what they are. */
    static Message ok(String warnings, List<String> environment, List<String> files) {
        return withText(Message.of(ANSWER, "ok"), warnings)
                .withAll(ENVIRONMENT, environment)
                .withAll("file", files);
    }

    /** Somebody has to correct the spec or the settings. */
    static Message refused(String diagnostics, StartPolicy policy) {
        return Message.of(ANSWER, "refused").with(TEXT, diagnostics).with(POLICY, policy.text());
    }

    /** Before ssh is started: what has to be stopped and removed should this process die. */
    static Message opening(String directory, List<String> stop) {
        return Message.of(ANSWER, "opening").with("dir", directory).withAll("stop", stop);
    }

    /**
     * The same again, once sockets outside of the directory are about to be made.
     *
     * @param unlink those on this host
     * @param transfer the command that removes those on the other host, with what {@code batch} says
     */
    static Message opening(
            String directory, List<String> stop, List<String> unlink, List<String> transfer, String batch) {
        Message answer = opening(directory, stop).withAll("unlink", unlink);
        return batch.isEmpty() ? answer : answer.withAll("transfer", transfer).with("batch", batch);
    }

    /** The tunnel is up, and this is what it is. */
    static Message ready(Routes standing, List<String> environment) {
        return Message.of(ANSWER, "ready")
                .with("routes", standing.text())
                .with("plan", standing.plan().text())
                .withAll(ENVIRONMENT, environment);
    }

    /** With what the user is told: the warnings in any case, the news unless quiet is wanted. */
    static Message withWords(Message ready, String warnings, String news) {
        Message answer = withText(ready, warnings);
        return news.isEmpty() ? answer : answer.with("news", news);
    }

    /**
     * With the commands that bring the tunnel back should it be lost.
     *
     * @param preload the library to run {@code start} with
     * @param knock only where {@code forward} fails
     */
    static Message withCommands(
            Message ready, List<String> start, Optional<String> preload, List<String> forward, List<String> knock) {
        Message answer =
                ready.withAll("start", start).withAll("forward", forward).withAll("knock", knock);
        return preload.isPresent() ? answer.with("preload", preload.get()) : answer;
    }

    /** With what the keeper may begin the next tunnel of the same value with; the node comes last, and is not known yet. */
    static Message withNextLogin(Message ready, SshCommands next) {
        List<String> start = next.start();
        return ready.with("next-dir", next.directory())
                .withAll("next-stop", next.stop())
                .withAll("next-start", start.subList(0, start.size() - 1));
    }

    /** With what has to be stopped and removed, so that the keeper has it in one message. */
    static Message withTraces(Message ready, SshCommands commands, SocketListeners sockets) {
        Message answer = ready.with("dir", commands.directory())
                .withAll("stop", commands.stop())
                .withAll("unlink", sockets.here());
        return sockets.removal().isEmpty()
                ? answer
                : answer.withAll("transfer", commands.transfer()).with("batch", sockets.removal());
    }

    /** The tunnel did not come up, and nothing is left of it. */
    static Message failed(String text, StartPolicy policy) {
        return Message.of(ANSWER, "failed").with(TEXT, text).with(POLICY, policy.text());
    }

    /** The same, because of a listener at the other end that another step of the job may have. */
    static Message contested(String text, StartPolicy policy) {
        return failed(text, policy).with("contested", "yes");
    }

    private static Message withText(Message answer, String text) {
        return text.isEmpty() ? answer : answer.with(TEXT, text);
    }
}
