package stunnel.manual;

import java.io.IOException;

/** slurm-spank-stunnel(8): what the README says to users and administrators of the plugin. */
final class PluginPage {
    private final Roff page;

    PluginPage(String origin) {
        this.page = new Roff("slurm-spank-stunnel", 8, origin);
    }

    String text() throws IOException {
        page.section("Name").line("slurm-spank-stunnel - SSH tunnels that live as long as a Slurm job");
        page.section("Synopsis")
                .paragraph("`srun --tunnel FORWARD`[`,FORWARD`...] ...")
                .paragraph("`sbatch --tunnel FORWARD`[`,FORWARD`...] ...")
                .paragraph("`salloc --tunnel FORWARD`[`,FORWARD`...] ...")
                .paragraph("in plugstack.conf: `required PREFIX/lib/slurm-spank-stunnel.so` [`KEY=VALUE`] ...");
        page.section("Forwards");
        add("The value of `--tunnel`");
        page.section("Environment of the job");
        add("What the job sees");
        page.section("Options of the plugstack line");
        add("The line of plugstack.conf");
        page.section("Limits");
        add("Limits");
        page.section("See also").line("`stunnel`(1), `stunnel.conf`(5), `srun`(1), `spank`(8), `sshd_config`(5)");
        return page.toString();
    }

    private void add(String heading) throws IOException {
        MarkdownSection.of(heading).appendTo(page);
    }
}
