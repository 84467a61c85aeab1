package stunnel.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import stunnel.config.Settings;
import stunnel.runtime.OwnCommand;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.ssh.PathTokens;
import stunnel.runtime.ssh.TrialTunnel;
import stunnel.runtime.ssh.TunnelFailure;

/** All checks in the order in which a tunnel meets what they look at; what needs something that is wrong is left out. */
public final class Doctor {
    private static final List<String> FAR_AWAY = List.of(
            "name", "port", Session.HOST_KEY, Session.LOGIN, Session.LOCAL, Session.REMOTE, "way back", "latency");

    /** In the place of a job that was not named. */
    private static final String NO_JOB = "0";

    private final Place place;
    private final Consumer<Check> listener;
    private final List<Check> checks = new ArrayList<>();

    private Doctor(Place place, Consumer<Check> listener) {
        this.place = place;
        this.listener = listener;
    }

    /**
     * Looks at everything, or as far as that makes sense.
     *
     * @param whom the job or the host that tunnels shall lead to, if there is one
     * @param listener hears of each check as soon as it is done
     * @return the checks in their order; the first that is wrong is the one to correct
     */
    public static List<Check> examine(Place place, Optional<String> whom, Consumer<Check> listener) throws IOException {
        Doctor doctor = new Doctor(place, listener);
        doctor.lookHere(whom);
        return List.copyOf(doctor.checks);
    }

    private boolean add(Check check) {
        checks.add(check);
        listener.accept(check);
        return !check.isWrong();
    }

    private void skip(List<String> names, String because) {
        for (String name : names) {
            if (checks.stream().noneMatch(check -> check.name().equals(name))) {
                add(Check.skipped(name, because));
            }
        }
    }

    private void lookHere(Optional<String> whom) throws IOException {
        Installation installation = new Installation(place);
        add(installation.java());
        boolean runs = add(installation.jars());
        if (!runs) {
            // Programs are started through the native library too.
            skip(List.of("archive", "plugstack", "settings", "plugin", "ssh", "control"), because());
            skipFarAway(whom, because());
            return;
        }
        add(installation.archive());
        SlurmSide slurm = new SlurmSide(place);
        boolean named = add(slurm.plugstack());
        add(slurm.siteFile());
        if (named) {
            add(slurm.plugin());
        } else {
            skip(List.of("plugin"), because());
        }
        if (slurm.settings().isEmpty()) {
            skip(List.of("ssh", "control"), because());
            skipFarAway(whom, because());
            return;
        }
        Settings settings = slurm.settings().get();
        SshProgram ssh = new SshProgram(settings.ssh(), place);
        boolean connects = add(ssh.check());
        Optional<SlurmJob> job = whom.filter(SlurmJob::isId).map(id -> SlurmJob.ask(id, List.of()));
        job.ifPresent(asked -> add(asked.check(place.uid())));
        Optional<String> target = job.isPresent() ? job.get().node(place.uid()) : whom;
        String jobId = job.isPresent() ? whom.orElse(NO_JOB) : NO_JOB;
        if (settings.control().dir().contains("%j") && job.isEmpty()) {
            skip(List.of("control"), "control.dir has %j: name a job");
            skipFarAway(whom, "control.dir has %j: name a job");
            return;
        }
        lookAtControl(settings, ssh, jobId, connects ? target : Optional.empty());
        skipFarAway(whom, because());
    }

    private String because() {
        return checks.stream()
                .filter(Check::isWrong)
                .findFirst()
                .map(check -> "because of what is wrong with " + check.name())
                .orElse("");
    }

    /** What is left of it; in one line where no host was asked for. */
    private void skipFarAway(Optional<String> whom, String because) {
        if (whom.isPresent()) {
            skip(FAR_AWAY, because);
        } else {
            add(Check.skipped(
                    "host",
                    "none was named: " + OwnCommand.quoted("doctor HOST") + ", or JOBID, looks at the way to it"));
        }
    }

    private void lookAtControl(Settings settings, SshProgram ssh, String job, Optional<String> target)
            throws IOException {
        PathTokens tokens = new PathTokens(place.uid(), job, place.host());
        try (TrialTunnel tunnel =
                TrialTunnel.prepare(Posix.system(), settings, ssh.tuning(), tokens, target.orElse(place.host()))) {
            Thread end = new Thread(() -> close(tunnel), "end of the trial");
            Runtime.getRuntime().addShutdownHook(end);
            add(control(tunnel));
            if (target.isPresent()) {
                lookFarAway(settings, ssh, tunnel, target.get());
            }
        } catch (TunnelFailure e) {
            add(Check.wrong("control", e.problem(), e.nextStep()));
        }
    }

    /** After Ctrl-C too nothing is left; who closed it already does not mind. */
    private static void close(TrialTunnel tunnel) {
        try {
            tunnel.close();
        } catch (IOException e) {
            System.err.println(OwnCommand.NAME + ": " + e.getMessage());
        }
    }

    private static Check control(TrialTunnel tunnel) {
        String socket = tunnel.socket();
        int length = socket.getBytes(StandardCharsets.UTF_8).length;
        String seen = "%s: %d of %d bytes".formatted(socket, length, TrialTunnel.longestSocketPath());
        return tunnel.warnings().isEmpty()
                ? Check.ok("control", seen)
                : Check.warning("control", tunnel.warnings().get(0), "correct helpertask_args in plugstack.conf");
    }

    private void lookFarAway(Settings settings, SshProgram ssh, TrialTunnel tunnel, String target)
            throws TunnelFailure, IOException {
        Optional<Program> configuration = ssh.configuration(target);
        if (configuration.isEmpty()) {
            return;
        }
        FarSide host = new FarSide(settings.ssh(), place, target, configuration.get());
        if (!add(host.name()) || !add(host.port())) {
            return;
        }
        Session session = new Session(place, ssh, tunnel, target);
        boolean in = true;
        for (Check check : session.login()) {
            in &= add(check);
        }
        if (in) {
            add(session.forwardLocally());
            add(session.forwardRemotely());
            add(session.wayBack());
            add(session.latency());
        }
    }
}
