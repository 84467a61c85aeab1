import static stunnel.dsl.Slurm.srun;
import static stunnel.dsl.Ssh.auto;
import static stunnel.dsl.Ssh.dynamic;
import static stunnel.dsl.Ssh.host;
import static stunnel.dsl.Ssh.local;
import static stunnel.dsl.Ssh.port;
import static stunnel.dsl.Ssh.ports;
import static stunnel.dsl.Ssh.remote;
import static stunnel.dsl.Ssh.socket;

import stunnel.diagnostic.DiagnosticText;
import stunnel.dsl.Tunnel;
import stunnel.parser.Compilation;

/** A notebook with its database, its workers' dashboards and a SOCKS proxy, as one tunnel; prints the value of --tunnel. */
public class Notebook {
    public static void main(String[] args) {
        Tunnel notebook = srun(
                local(port(8888)).to(port(8888)).named("jupyter"),
                local(ports(9001, 9004)).to(ports(8001, 8004)),
                remote(port(5432)).to(host("db.example.org").port(5432)),
                remote(auto().on("::1")).to(port(8080)),
                local(port(8443)).to(socket("/run/notebook/api.sock")),
                dynamic(port(1080)));

        Compilation compilation = notebook.compile();
        System.err.print(DiagnosticText.render(compilation.diagnostics()));
        compilation.plan().ifPresent(plan -> System.out.println("srun --tunnel " + plan.text()));
    }
}
