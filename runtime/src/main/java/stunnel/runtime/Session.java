package stunnel.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import stunnel.config.Settings;
import stunnel.config.StartPolicy;
import stunnel.diagnostic.Width;
import stunnel.plan.TunnelPlan;
import stunnel.runtime.ssh.TunnelFailure;

/** The conversation with one keeper: any number of checks, then at most one tunnel. */
final class Session {
    private final MessageReader requests;
    private final MessageWriter answers;
    private Optional<PosixLoading> loading = Optional.empty();

    /** The last one, and on what. */
    private Optional<Request.Facts> judged = Optional.empty();

    private Optional<Verdict> verdict = Optional.empty();

    Session(InputStream requests, OutputStream answers) {
        this.requests = new MessageReader(requests);
        this.answers = new MessageWriter(answers);
    }

    /** Returns when the keeper has nothing more to ask, or a tunnel was opened or not. */
    void run() throws IOException {
        try {
            boolean over = false;
            while (!over) {
                Optional<Message> message = requests.read();
                over = message.isEmpty() || answer(Request.of(message.get()));
            }
        } catch (MalformedMessageException e) {
            answers.write(Answers.failed(Unexpected.text(e), StartPolicy.REQUIRE));
            throw e;
        }
    }

    /** Whether that was the last answer. */
    private boolean answer(Request request) throws IOException {
        if (request instanceof Request.Check check) {
            if (check.isEarly()) {
                loadPosix(); // else the verdict comes first: its user waits
            }
            answers.write(check(check));
            if (!check.facts().isAllocator()) {
                loadPosix(); // sbatch and salloc ask for no tunnel here
            }
            return false;
        }
        answers.write(open((Request.Open) request));
        return true;
    }

    /** What was judged a moment ago by this very process is not judged again. */
    private Verdict verdict(Request.Facts facts) {
        if (verdict.isEmpty() || !judged.get().isSame(facts)) {
            verdict = Optional.of(Verdict.on(facts));
            judged = Optional.of(facts);
        }
        return verdict.get();
    }

    private PosixLoading loadPosix() {
        if (loading.isEmpty()) {
            loading = Optional.of(PosixLoading.begin());
        }
        return loading.get();
    }

    private Message check(Request.Check request) {
        try {
            Verdict verdict = verdict(request.facts());
            Optional<TunnelPlan> plan = verdict.plan();
            if (verdict.isRefusal() || plan.isEmpty()) {
                return Answers.refused(verdict.text(request.width()), verdict.policy());
            }
            // Of sbatch and salloc this host will be the target; srun opens the tunnel itself.
            Optional<String> opener = request.facts().isAllocator() ? Optional.empty() : request.host();
            Optional<String> target = request.facts().isAllocator() ? request.host() : Optional.empty();
            return Answers.ok(
                    verdict.text(request.width()), JobEnvironment.of(plan.get(), opener, target), verdict.files());
        } catch (RuntimeException | Error e) {
            return Answers.refused(Unexpected.text(e), StartPolicy.REQUIRE);
        }
    }

    private Message open(Request.Open request) {
        StartPolicy policy = StartPolicy.REQUIRE;
        try {
            PosixLoading posix = loadPosix();
            Verdict verdict = verdict(request.facts());
            policy = verdict.policy();
            Optional<TunnelPlan> plan = verdict.plan();
            Optional<Settings> settings = verdict.settings();
            if (verdict.isRefusal() || plan.isEmpty() || settings.isEmpty()) {
                return Answers.refused(verdict.text(Width.ANY), policy);
            }
            return new TunnelOpening(posix.await(), request, plan.get(), settings.get(), answers).open();
        } catch (TunnelFailure e) {
            return Answers.failed(e.text(), policy);
        } catch (RuntimeException | Error e) {
            return Answers.failed(Unexpected.text(e), policy);
        }
    }
}
