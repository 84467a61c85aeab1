package stunnel.bench;

import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import stunnel.diagnostic.Source;
import stunnel.parser.Compilation;
import stunnel.parser.TunnelCompiler;
import stunnel.plan.Origin;

/** How long the compiler takes for a value, once it is warm, by the number of its forwards. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 15, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class CompilerBenchmark {
    private static final int FIRST_PORT = 20_001;

    @Param({"1", "100", "1000"})
    int forwards;

    private Source value = new Source("--tunnel", "");

    @Setup
    public void writeValue() {
        value = new Source(
                "--tunnel",
                IntStream.range(FIRST_PORT, FIRST_PORT + forwards)
                        .mapToObj(port -> port + ":localhost:8000")
                        .collect(Collectors.joining(",")));
    }

    @Benchmark
    public Compilation compile() {
        return TunnelCompiler.compile(value, Origin.SRUN, false);
    }
}
