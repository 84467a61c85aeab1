package stunnel.testbed;

/** A host whose sshd takes connections and says nothing, until this is closed. Sessions go on. */
record SilentSshServer(Account host) implements AutoCloseable {
    static SilentSshServer of(Account host) {
        signal(host, "STOP");
        return new SilentSshServer(host);
    }

    @Override
    public void close() {
        signal(host, "CONT");
    }

    private static void signal(Account host, String name) {
        host.output("pkill", "--signal=" + name, "--pidfile=/run/sshd.pid");
    }
}
