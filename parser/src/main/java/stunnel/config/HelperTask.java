package stunnel.config;

import java.util.List;

/**
 * What helpertask_args asks for.
 *
 * @param words added to the command that starts ssh, before {@code --}
 * @param redirections done from left to right, as a shell does; opened once, and shared by the start and forward
 *     commands
 */
public record HelperTask(List<String> words, List<Redirection> redirections) {
    /** An empty helpertask_args. */
    public static final HelperTask NONE = new HelperTask(List.of(), List.of());

    public HelperTask {
        words = List.copyOf(words);
        redirections = List.copyOf(redirections);
    }
}
