package stunnel.testbed;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands of the documentation do what it says. */
@TestbedTest
class DocumentationIT {
    private static final Testbed TESTBED = Testbed.shared();
    private static final Account ROOT = TESTBED.host("login");

    /** The reader's own computer is no host of the cluster, but one that reaches the submit host by ssh. */
    private static final String LAPTOP = "laptop";

    private static final String LAPTOPS_HOST = "cn2";

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private Shown shown = new Shown();

    static List<Page> pages() {
        return Page.files().stream()
                .map(Page::read)
                .filter(page -> !page.sections().isEmpty())
                .toList();
    }

    /** What one section has is gone before the next one begins. */
    @ParameterizedTest
    @MethodSource("pages")
    void doesWhatItSays(Page page) throws Exception {
        for (List<Step> section : page.sections()) {
            shown = new Shown();
            open.push(ReplacedFile.with(ROOT, "/etc/bash.bashrc", TerminalSession.RC));
            try {
                section.forEach(this::take);
            } finally {
                end();
            }
        }
    }

    private void take(Step step) {
        Account alice = TESTBED.alice();
        if (step instanceof Step.Session session) {
            Step.Command first = session.commands().get(0);
            TerminalSession terminal = new TerminalSession(account(first.user(), first.host()), session, shown);
            open.push(terminal);
            terminal.run();
        } else if (step instanceof Step.WrittenFile file) {
            Account owner = file.path().startsWith("/") ? ROOT : alice;
            open.push(ReplacedFile.with(owner, file.path(), shown.typed(file.text())));
        } else if (step instanceof Step.StandIn standIn) {
            alice.output("mkdir", "-p", "bin");
            open.push(Program.on(alice, "bin/" + standIn.name(), standIn.command()));
        } else if (step instanceof Step.Served served) {
            open.push(account("bob", served.host()).serve(Integer.parseInt(served.port())));
        } else if (step instanceof Step.Reached reached) {
            int port = Integer.parseInt(shown.typed(reached.port()));
            Await.until(
                    reached.place() + ": http://localhost:" + port + " answers on " + reached.host(),
                    () -> account("alice", reached.host()).reaches(port));
        }
    }

    private void end() throws Exception {
        Account alice = TESTBED.alice();
        alice.output("scancel", "--user=alice");
        Await.until("no job is left", () -> alice.output("squeue", "--noheader").isEmpty());
        while (!open.isEmpty()) {
            open.pop().close();
        }
        alice.output("bash", "-c", "rm -f slurm-*.out");
    }

    private static Account account(String user, String host) {
        return TESTBED.host(host.equals(LAPTOP) ? LAPTOPS_HOST : host).as(user);
    }
}
