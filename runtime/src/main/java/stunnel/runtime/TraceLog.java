package stunnel.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.slf4j.Logger;
import stunnel.runtime.posix.FileAccess;
import stunnel.runtime.posix.FileStatus;
import stunnel.runtime.posix.Posix;

/** Logback, put together by hand: XML and discovery cost a tenth of a second, and nothing of it is loaded while the log is off. */
final class TraceLog {
    private static final String PATTERN =
            "%date{ISO8601} %-5level [" + ProcessHandle.current().pid() + "] %msg%n%ex";

    private TraceLog() {}

    /** Appends to a file of this user's own, 0600; anything else that has its name is an error. */
    static Logger open(Posix posix, String path, String level) throws IOException {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter()); // without one nothing is written, and nothing says so
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(append(posix, path));
        appender.start();
        ch.qos.logback.classic.Logger logger = context.getLogger("stunnel");
        logger.setLevel(Level.toLevel(level));
        logger.addAppender(appender);
        return logger;
    }

    private static OutputStream append(Posix posix, String path) throws IOException {
        int fd = posix.openFile(path, FileAccess.APPEND);
        FileStatus status = posix.status(fd);
        if (!status.isRegular() || status.uid() != posix.userId() || status.hasOtherNames()) {
            throw new IOException(path + " is not a file of this user alone");
        }
        // The name may lead elsewhere by now; the descriptor does not.
        return new FileOutputStream("/proc/self/fd/" + fd, true);
    }
}
