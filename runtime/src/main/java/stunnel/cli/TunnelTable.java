package stunnel.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import stunnel.diagnostic.Width;
import stunnel.plan.Forward;
import stunnel.runtime.OwnCommand;
import stunnel.runtime.TunnelReport;
import stunnel.runtime.TunnelReport.Status;

/**
 * Tunnels as a table for people: one line for each forward, what the whole tunnel has in the first of them.
 *
 * @param withUser whether to tell whose they are
 * @param now ages are counted to this
 * @param width what it is laid out for
 */
record TunnelTable(boolean withUser, Instant now, Width width) {
    private static final String GAP = "  ";

    String of(List<TunnelReport> reports) {
        if (reports.isEmpty()) {
            return "no tunnel is held on this host\n";
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("USER", "JOB", "STATE", "FOR", "LOST", "WHAT REACHES WHAT"));
        for (TunnelReport report : reports) {
            add(report, rows);
        }
        return text(rows);
    }

    private void add(TunnelReport report, List<List<String>> rows) {
        String state = report.status().name().toLowerCase(Locale.ROOT);
        if (report.details().isEmpty()) {
            String what = report.status() == Status.STALE ? leftBehind(report) : "";
            rows.add(row(report.user(), "", state, "", "", what));
            return;
        }
        TunnelReport.Details details = report.details().get();
        String lost = Integer.toString(details.reconnects());
        String first = report.status() == Status.STALE ? leftBehind(report) : "";
        for (Forward forward : details.routes().plan().forwards()) {
            String name = forward.name().isPresent() ? forward.name().get() + "=" : "";
            String route = first.isEmpty() ? name + details.routes().of(forward).text() : first;
            rows.add(
                    lost.isEmpty()
                            ? row("", "", "", "", "", route)
                            : row(report.user(), details.id(), state, age(details.since()), lost, route));
            lost = "";
            if (!first.isEmpty()) {
                return;
            }
        }
        details.obstacle().ifPresent(why -> rows.add(row("", "", "", "", "", "not back yet: " + why)));
    }

    private static String leftBehind(TunnelReport report) {
        String end = report.details().isPresent()
                ? OwnCommand.quoted("close " + report.details().get().id()) + " ends it"
                : "`rm -r " + report.directory() + "`";
        return "its keeper is gone: " + end;
    }

    private List<String> row(String user, String... cells) {
        List<String> row = new ArrayList<>();
        if (withUser) {
            row.add(user);
        }
        row.addAll(List.of(cells));
        return row;
    }

    /** In the two greatest units: 3d2h, 5m10s. */
    private String age(Instant since) {
        Duration age = Duration.between(since, now.isBefore(since) ? since : now);
        if (age.toDays() > 0) {
            return age.toDays() + "d" + age.toHoursPart() + "h";
        }
        if (age.toHours() > 0) {
            return age.toHours() + "h" + age.toMinutesPart() + "m";
        }
        return age.toMinutes() > 0 ? age.toMinutes() + "m" + age.toSecondsPart() + "s" : age.toSeconds() + "s";
    }

    private String text(List<List<String>> rows) {
        int last = rows.get(0).size() - 1;
        int[] widths = new int[last];
        for (List<String> row : rows) {
            for (int i = 0; i < last; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < last; i++) {
                line.append(row.get(i));
                line.append(" ".repeat(widths[i] - row.get(i).length())).append(GAP);
            }
            text.append(width.folded(line.toString(), row.get(last)).stripTrailing())
                    .append('\n');
        }
        return text.toString();
    }
}
