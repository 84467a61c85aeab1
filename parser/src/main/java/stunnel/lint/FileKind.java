package stunnel.lint;

import stunnel.diagnostic.Source;

/** What a file is, by what is in it; its name helps only where it is a fixed one. */
enum FileKind {
    /** plugstack.conf, or a file that it includes. */
    PLUGSTACK,
    /** stunnel.conf. */
    SETTINGS,
    /** A script for sbatch. */
    JOB_SCRIPT;

    static FileKind of(Source source) {
        String name = source.name().substring(source.name().lastIndexOf('/') + 1);
        if (name.equals("stunnel.conf")) {
            return SETTINGS;
        }
        if (name.startsWith("plugstack") && name.endsWith(".conf")) {
            return PLUGSTACK;
        }
        if (source.text().startsWith("#!") || source.text().startsWith("\uFEFF#!")) {
            return JOB_SCRIPT;
        }
        boolean directives = false;
        for (String line : source.text().split("\n", -1)) {
            directives |= line.startsWith(JobScript.DIRECTIVE);
            String plain = line.strip();
            if (!plain.isEmpty() && !plain.startsWith("#")) {
                return directives ? JOB_SCRIPT : isPlugstack(plain) ? PLUGSTACK : SETTINGS;
            }
        }
        return directives ? JOB_SCRIPT : PLUGSTACK;
    }

    /** Whether the first line that says something has a keyword, right or wrong, and a path. */
    private static boolean isPlugstack(String line) {
        String[] words = line.split("[ \t]+", -1);
        String second = words.length > 1 ? words[1] : "";
        if (words[0].equals("include")) {
            // HOCON has the word too, in front of "FILE" or file("FILE").
            return second.indexOf('"') < 0;
        }
        boolean keyword = words[0].equalsIgnoreCase("required") || words[0].equalsIgnoreCase("optional");
        return keyword || second.endsWith(".so") || second.startsWith("/");
    }
}
