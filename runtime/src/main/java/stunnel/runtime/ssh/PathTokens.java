package stunnel.runtime.ssh;

/**
 * What stands for {@code %u}, {@code %j} and {@code %h} in the paths of the settings; {@code %%} is a percent sign.
 *
 * @param uid the job's user
 * @param job the job's id
 * @param host the host that the tunnel is opened on
 */
public record PathTokens(int uid, String job, String host) {

    /** The path with its tokens replaced. */
    public String expand(String path) {
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (int at = path.indexOf('%'); at >= 0 && at + 1 < path.length(); at = path.indexOf('%', from)) {
            text.append(path, from, at).append(value(path.charAt(at + 1)));
            from = at + 2;
        }
        return text.append(path, from, path.length()).toString();
    }

    private String value(char token) {
        return switch (token) {
            case 'u' -> Integer.toUnsignedString(uid);
            case 'j' -> job;
            case 'h' -> host;
            default -> String.valueOf(token);
        };
    }
}
