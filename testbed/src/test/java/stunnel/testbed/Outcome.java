package stunnel.testbed;

/** What a finished command left: its exit status (128 + n after signal n) and what it wrote. */
record Outcome(int exit, String stdout, String stderr) {}
