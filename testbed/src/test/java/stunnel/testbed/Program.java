package stunnel.testbed;

/** A shell script on a host; closing it removes it. */
record Program(Account owner, String path) implements AutoCloseable {
    static Program on(Account owner, String path, String script) {
        owner.write(path, "#!/bin/bash\n" + script + "\n");
        owner.output("chmod", "755", path);
        return new Program(owner, path);
    }

    @Override
    public void close() {
        owner.output("rm", path);
    }
}
