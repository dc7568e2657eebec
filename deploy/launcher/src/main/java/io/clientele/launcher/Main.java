package io.clientele.launcher;

import io.clientele.embedded.EmbeddedServerException;
import io.clientele.embedded.ProjectRoot;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What {@code ./clientele} runs. Exit codes: 0 done, 1 failed, 2 wrong usage.
 *
 * <p>Each command is a method here, so that its options stand in one place; the work is in a class
 * of its own.
 */
@Command(
        name = "clientele",
        description = "The segmentation platform of loyalty programs, on this machine.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        version = "Clientele 0.1.0")
public final class Main {
    private static final String DATA =
            "The data folder; default: .clientele in the project's folder.";
    private static final String PORT_OF_RUNNING = "The first port of the platform, if several run.";

    private final Terminal terminal;

    private Main(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        int status = run(Terminal.ofThisProcess(), arguments);
        // Daemon threads of HTTP clients must not delay the end.
        System.exit(status);
    }

    /** Runs one command. */
    static int run(Terminal terminal, String... arguments) {
        CommandLine line = new CommandLine(new Main(terminal));
        subcommand(line, "bench").setUnmatchedOptionsArePositionalParams(true);
        subcommand(line, "test").setUnmatchedOptionsArePositionalParams(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            terminal.note("clientele: " + explain(failure));
            return CommandLine.ExitCode.SOFTWARE;
        });
        if (arguments.length == 0) {
            terminal.note(line.getUsageMessage());
            return CommandLine.ExitCode.USAGE;
        }
        return line.execute(arguments);
    }

    private static String explain(Exception failure) {
        if (failure instanceof LauncherException || failure instanceof EmbeddedServerException) {
            return String.valueOf(failure.getMessage());
        }
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return "an error in the launcher itself; please report it with these lines:\n" + trace;
    }

    @Command(
            description =
                    "Builds what is missing, starts the servers, the services and the gateway, and"
                            + " stops them on Ctrl-C.",
            mixinStandardHelpOptions = true)
    int up(
            @Option(
                            names = "--port",
                            paramLabel = "PORT",
                            defaultValue = "8080",
                            description =
                                    "The gateway's port; all others are counted from it. Default:"
                                            + " ${DEFAULT-VALUE}.")
                    int port,
            @Option(names = "--data", paramLabel = "DIR", description = DATA) @Nullable Path data,
            @Option(
                            names = "--ephemeral",
                            description = "Keep nothing: all data goes when it stops.")
                    boolean ephemeral) {
        requirePort("up", port);
        Path root = ProjectRoot.find();
        PlatformOptions options =
                new PlatformOptions(
                        root,
                        home(data),
                        port,
                        ephemeral,
                        System.getenv(),
                        PlatformOptions.DEFAULT_READY_WITHIN);
        return new UpCommand(options, terminal).run();
    }

    @Command(
            description = {
                "Shows the platform with a simulated loyalty program: a year of events, segments,"
                        + " a",
                "live minute with a campaign, and a report. Members then live on until Ctrl-C."
            },
            mixinStandardHelpOptions = true)
    int demo(
            @Option(
                            names = "--members",
                            paramLabel = "N",
                            defaultValue = DemoCommand.DEFAULT_MEMBERS,
                            description = "How many members. Default: ${DEFAULT-VALUE}.")
                    int members,
            @Option(
                            names = "--seed",
                            paramLabel = "S",
                            defaultValue = "1",
                            description =
                                    "Everything random follows from it. Default:"
                                            + " ${DEFAULT-VALUE}.")
                    long seed,
            @Option(names = "--exit", description = "End and stop everything after the report.")
                    boolean exit,
            @Option(
                            names = "--port",
                            paramLabel = "PORT",
                            defaultValue = "8080",
                            description =
                                    "The gateway's port; all others are counted from it. Default:"
                                            + " ${DEFAULT-VALUE}.")
                    int port,
            @Option(
                            names = "--data",
                            paramLabel = "DIR",
                            description = "Keep the data in this folder. Default: keep nothing.")
                    @Nullable Path data) {
        if (members < 1 || members > DemoCommand.MOST_MEMBERS) {
            throw wrongUsage(
                    "demo",
                    "--members must be between 1 and "
                            + DemoCommand.MOST_MEMBERS
                            + ", was "
                            + members
                            + ".");
        }
        requirePort("demo", port);
        Path root = ProjectRoot.find();
        PlatformOptions options =
                new PlatformOptions(
                        root,
                        home(data),
                        port,
                        data == null,
                        System.getenv(),
                        PlatformOptions.DEFAULT_READY_WITHIN);
        DemoCommand demo = new DemoCommand(root, members, seed, exit, terminal);
        demo.requireBuilt();
        return new UpCommand(options, terminal, demo).run();
    }

    @Command(
            description =
                    "Shows what runs, its health and its lag. Exit code 1 unless all of it is"
                            + " ready.",
            mixinStandardHelpOptions = true)
    int status(
            @Option(names = "--data", paramLabel = "DIR", description = DATA) @Nullable Path data,
            @Option(names = "--port", paramLabel = "PORT", description = PORT_OF_RUNNING)
                    @Nullable Integer port) {
        return new StatusCommand(home(data), port, terminal).run();
    }

    @Command(
            description = "Stops the platform and waits until all of it has ended.",
            mixinStandardHelpOptions = true)
    int down(
            @Option(names = "--data", paramLabel = "DIR", description = DATA) @Nullable Path data,
            @Option(names = "--port", paramLabel = "PORT", description = PORT_OF_RUNNING)
                    @Nullable Integer port) {
        return new DownCommand(home(data), port, terminal).run();
    }

    @Command(
            description = "Prints an access token for the running platform, and nothing else.",
            mixinStandardHelpOptions = true)
    int token(
            @Option(
                            names = "--program",
                            paramLabel = "PROGRAM",
                            defaultValue = "demo",
                            description =
                                    "The program the token is for. Default: ${DEFAULT-VALUE}.")
                    String program,
            @Option(
                            names = "--role",
                            paramLabel = "ROLE",
                            defaultValue = "admin",
                            description =
                                    "ingest, engine, agent, marketer, analyst, privacy or admin."
                                            + " Default: ${DEFAULT-VALUE}.")
                    String role,
            @Option(names = "--data", paramLabel = "DIR", description = DATA) @Nullable Path data,
            @Option(names = "--port", paramLabel = "PORT", description = PORT_OF_RUNNING)
                    @Nullable Integer port) {
        return new TokenCommand(home(data), port, terminal).run(program, role);
    }

    @Command(
            name = "import",
            description = {
                "Loads history from files through the import API of the running platform.",
                "The same file again changes nothing. Files may be compressed with gzip."
            },
            mixinStandardHelpOptions = true)
    int importFiles(
            @Parameters(paramLabel = "FILE", arity = "1..*", description = "CSV or NDJSON files.")
                    List<Path> files,
            @Option(
                            names = "--mapping",
                            paramLabel = "FILE",
                            required = true,
                            description =
                                    "How rows become events; see docs/imports.md and"
                                            + " deploy/mappings/.")
                    Path mapping,
            @Option(
                            names = "--program",
                            paramLabel = "PROGRAM",
                            defaultValue = "demo",
                            description =
                                    "The program the events are for. Default: ${DEFAULT-VALUE}.")
                    String program,
            @Option(
                            names = "--source",
                            paramLabel = "KEY",
                            description =
                                    "Names where the events come from. Default: the mapping's file"
                                            + " name.")
                    @Nullable String source,
            @Option(
                            names = "--shift-to-now",
                            description = "Move all times so that the last event is now.")
                    boolean shiftToNow,
            @Option(
                            names = "--resume",
                            paramLabel = "ID",
                            description =
                                    "Go on with an import that was interrupted while it was sent.")
                    @Nullable String resume,
            @Option(names = "--data", paramLabel = "DIR", description = DATA) @Nullable Path data,
            @Option(names = "--port", paramLabel = "PORT", description = PORT_OF_RUNNING)
                    @Nullable Integer port) {
        if (files.size() > 1 && (shiftToNow || resume != null)) {
            throw wrongUsage(
                    "import",
                    (shiftToNow ? "--shift-to-now" : "--resume")
                            + " takes one FILE, as each file is an import of its own.");
        }
        return new ImportCommand(home(data), port, Path.of(""), terminal)
                .run(
                        new ImportCommand.Request(
                                files, mapping, program, source, shiftToNow, resume));
    }

    @Command(
            description = {
                "Everything CI checks: builds and tests all modules.",
                "Further arguments go to Maven, for example: ./clientele test -pl gateway -am"
            },
            mixinStandardHelpOptions = true)
    int test(
            @Parameters(
                            paramLabel = "MAVEN-ARGUMENT",
                            arity = "0..*",
                            description = "Passed to Maven.")
                    @Nullable List<String> arguments) {
        return new TestCommand(ProjectRoot.find(), System.getenv(), terminal)
                .run(arguments == null ? List.of() : arguments);
    }

    @Command(
            description = {
                "Measures the whole platform or the engine alone and prints a table.",
                "Further arguments go to the measurement, for example:",
                "  ./clientele bench engine --members 100000 --seed 7 --out figures.json"
            },
            mixinStandardHelpOptions = true)
    int bench(
            @Parameters(
                            paramLabel = "WHAT",
                            arity = "0..1",
                            defaultValue = "platform",
                            description =
                                    "What to measure: ${COMPLETION-CANDIDATES}. Default:"
                                            + " ${DEFAULT-VALUE}.")
                    BenchCommand.Subject subject,
            @Parameters(
                            paramLabel = "ARGUMENT",
                            index = "1..*",
                            arity = "0..*",
                            description =
                                    "Passed to the measurement; docs/development.md has them.")
                    @Nullable List<String> arguments,
            @Option(
                            names = {"--json", "--out"},
                            paramLabel = "FILE",
                            description =
                                    "Also write the figures to this file, as one flat JSON object.")
                    @Nullable Path json) {
        return new BenchCommand(ProjectRoot.find(), terminal)
                .run(subject, arguments == null ? List.of() : arguments, json);
    }

    private static void requirePort(String command, int port) {
        if (port < 1 || port > PlatformPorts.HIGHEST_BASE) {
            throw wrongUsage(
                    command,
                    "--port must be between 1 and "
                            + PlatformPorts.HIGHEST_BASE
                            + ", was "
                            + port
                            + ".");
        }
    }

    private static Path home(@Nullable Path data) {
        return data != null ? data : PlatformOptions.defaultHome(ProjectRoot.find());
    }

    private static CommandLine.ParameterException wrongUsage(String command, String message) {
        CommandLine line = new CommandLine(new Main(Terminal.ofThisProcess()));
        return new CommandLine.ParameterException(subcommand(line, command), message);
    }

    private static CommandLine subcommand(CommandLine line, String name) {
        CommandLine found = line.getSubcommands().get(name);
        if (found == null) {
            throw new IllegalStateException("no command " + name);
        }
        return found;
    }
}
