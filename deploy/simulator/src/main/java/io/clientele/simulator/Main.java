package io.clientele.simulator;

import io.clientele.simulator.demo.Demo;
import io.clientele.simulator.demo.Screen;
import io.clientele.simulator.engine.CampaignEngine;
import io.clientele.simulator.engine.ContactPurchases;
import io.clientele.simulator.platform.ClientCredentials;
import io.clientele.simulator.platform.DueEvents;
import io.clientele.simulator.platform.EventSender;
import io.clientele.simulator.platform.Json;
import io.clientele.simulator.platform.PlatformClient;
import io.clientele.simulator.platform.PlatformException;
import io.clientele.simulator.platform.TokenSource;
import io.clientele.simulator.world.World;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The simulator's commands. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
        name = "simulator",
        description = "A loyalty program that never existed, with hidden truths and a seed.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
public final class Main {
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final String SEED =
            "Everything random follows from it. Default: ${DEFAULT-VALUE}.";

    private final Clock clock;
    private final Screen screen;
    private final Map<String, String> environment;

    private Main(Clock clock, Screen screen, Map<String, String> environment) {
        this.clock = clock;
        this.screen = screen;
        this.environment = environment;
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(Clock.systemUTC(), Screen.ofThisProcess(), System.getenv(), arguments));
    }

    /** Runs one command. */
    static int run(
            Clock clock, Screen screen, Map<String, String> environment, String... arguments) {
        CommandLine line = new CommandLine(new Main(clock, screen, environment));
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            screen.note("simulator: " + explain(failure));
            return CommandLine.ExitCode.SOFTWARE;
        });
        if (arguments.length == 0) {
            screen.note(line.getUsageMessage());
            return CommandLine.ExitCode.USAGE;
        }
        return line.execute(arguments);
    }

    private static String explain(Exception failure) {
        if (failure instanceof PlatformException) {
            return String.valueOf(failure.getMessage());
        }
        if (failure instanceof UncheckedIOException || failure instanceof IOException) {
            return "cannot read or write: " + failure.getMessage();
        }
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return "an error in the simulator itself; please report it with these lines:\n" + trace;
    }

    /** Which platform, and in whose name. */
    static final class Connection {
        @Option(
                names = "--gateway",
                paramLabel = "URL",
                defaultValue = "http://localhost:8080",
                description = "The gateway's address. Default: ${DEFAULT-VALUE}.")
        private URI gateway = URI.create("http://localhost:8080");

        @Option(
                names = "--token",
                paramLabel = "TOKEN",
                description = {
                    "An access token; default: CLIENTELE_TOKEN of the environment.",
                    "Without one, tokens are got by --issuer and --client."
                })
        private @Nullable String token;

        @Option(
                names = "--issuer",
                paramLabel = "URL",
                description =
                        "The realm that gives tokens; default: CLIENTELE_OIDC_URL of the"
                                + " environment.")
        private @Nullable String issuer;

        @Option(
                names = "--client",
                paramLabel = "PROGRAM-ROLE",
                description = {
                    "The OAuth client, such as demo-ingest; its secret is",
                    "CLIENTELE_CLIENT_SECRET_<PROGRAM>_<ROLE> of the environment."
                })
        private @Nullable String client;

        PlatformClient client(
                HttpClient http, Clock clock, Map<String, String> environment, String role) {
            String given = token != null ? token : environment.get("CLIENTELE_TOKEN");
            if (given != null) {
                String fixed = given;
                return new PlatformClient(http, gateway, () -> fixed);
            }
            String name = client != null ? client : "demo-" + role;
            return new PlatformClient(
                    http, gateway, credentials(http, clock, environment, issuer, name));
        }

        /**
         * The same platform with the program's client of a role, whatever {@code --client} says.
         */
        PlatformClient inRole(
                HttpClient http, Clock clock, Map<String, String> environment, String role) {
            return new PlatformClient(
                    http, gateway, credentials(http, clock, environment, issuer, "demo-" + role));
        }

        private static TokenSource credentials(
                HttpClient http,
                Clock clock,
                Map<String, String> environment,
                @Nullable String issuer,
                String client) {
            String url = issuer != null ? issuer : environment.get("CLIENTELE_OIDC_URL");
            String variable =
                    "CLIENTELE_CLIENT_SECRET_"
                            + client.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
            String secret = environment.get(variable);
            if (url == null || secret == null) {
                throw new PlatformException(
                        "No way to get a token: give one with --token or CLIENTELE_TOKEN"
                                + " (./clientele token prints one), or name the realm with --issuer"
                                + " and set "
                                + variable
                                + ".");
            }
            return new ClientCredentials(http, url, client, secret, clock);
        }
    }

    @Command(
            description =
                    "Writes everything that happened in a world as NDJSON, in the order of time.",
            mixinStandardHelpOptions = true)
    int generate(
            @Option(
                            names = "--members",
                            paramLabel = "N",
                            required = true,
                            description =
                                    "How many enroll; a tenth as many prospects come besides.")
                    int members,
            @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = SEED)
                    long seed,
            @Option(
                            names = "--from",
                            paramLabel = "TIME",
                            required = true,
                            description = "The begin, such as 2026-01-01 or 2026-01-01T00:00:00Z.")
                    String from,
            @Option(
                            names = "--to",
                            paramLabel = "TIME",
                            required = true,
                            description = "The end, exclusive.")
                    String to,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "The file to write. Default: standard output.")
                    @Nullable Path out)
            throws IOException {
        World world =
                world(
                        "generate",
                        seed,
                        members,
                        instant("generate", from),
                        instant("generate", to));
        try (OutputStream stream =
                new BufferedOutputStream(
                        out == null
                                ? new FileOutputStream(FileDescriptor.out)
                                : Files.newOutputStream(out),
                        1 << 16)) {
            world.forEachEvent(event -> {
                try {
                    stream.write(Json.bytes(event));
                    stream.write('\n');
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            });
        }
        return 0;
    }

    @Command(
            description = "Posts events, one JSON a line, to a running platform.",
            mixinStandardHelpOptions = true)
    int post(
            @Parameters(
                            paramLabel = "FILE",
                            arity = "0..1",
                            description = "What generate wrote. Default: standard input.")
                    @Nullable Path file,
            @Option(
                            names = "--rate",
                            paramLabel = "N",
                            defaultValue = "0",
                            description = "Events a second; 0: as fast as it goes. Default: 0.")
                    int rate,
            @Option(
                            names = "--parallel",
                            paramLabel = "N",
                            defaultValue = "4",
                            description =
                                    "Bodies under way at the same time. Default: ${DEFAULT-VALUE}.")
                    int parallel,
            @Mixin Connection connection)
            throws IOException {
        if (rate < 0 || rate > 1_000_000) {
            throw wrongUsage("post", "--rate must be between 0 and 1000000, was " + rate + ".");
        }
        if (parallel < 1 || parallel > 64) {
            throw wrongUsage("post", "--parallel must be between 1 and 64, was " + parallel + ".");
        }
        EventSender sender;
        try (HttpClient http = PlatformClient.http();
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(input(file), StandardCharsets.UTF_8))) {
            try (EventSender opened =
                    new EventSender(
                            connection.client(http, clock, environment, "ingest"),
                            parallel,
                            rate)) {
                sender = opened;
                String line;
                while ((line = lines.readLine()) != null) {
                    if (!line.isBlank()) {
                        opened.add(
                                Json.tree(line).path("member").asText(),
                                line.getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
        }
        screen.result(
                String.format(
                        Locale.ROOT,
                        "%,d events accepted, %,d rejected",
                        sender.accepted(),
                        sender.rejected()));
        sender.problems().forEach(problem -> screen.note("  " + problem));
        return sender.rejected() == 0 ? 0 : 1;
    }

    private static InputStream input(@Nullable Path file) throws IOException {
        return new BufferedInputStream(
                file == null ? new FileInputStream(FileDescriptor.in) : Files.newInputStream(file),
                1 << 16);
    }

    @Command(
            description = {
                "Plays a campaign engine until it is stopped: takes contacts from the feed,"
                        + " reports",
                "message.sent, delivered, opened, clicked, and what contacted people buy."
            },
            mixinStandardHelpOptions = true)
    int engine(
            @Option(
                            names = "--members",
                            paramLabel = "N",
                            required = true,
                            description = "The world's size, as it was generated.")
                    int members,
            @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = SEED)
                    long seed,
            @Option(
                            names = "--position",
                            paramLabel = "FILE",
                            description = {
                                "Where the feed's position is kept, to go on after a stop.",
                                "Default: nowhere; begins with the oldest contact kept."
                            })
                    @Nullable Path file,
            @Option(names = "--once", description = "End when the feed has no more.") boolean once,
            @Mixin Connection connection)
            throws IOException {
        Instant now = clock.instant();
        // The truth about people does not depend on the time simulated.
        World world = world("engine", seed, members, now.minus(Duration.ofDays(1)), now);
        String position =
                file != null && Files.exists(file)
                        ? Files.readString(file, StandardCharsets.UTF_8).strip()
                        : null;
        try (HttpClient http = PlatformClient.http()) {
            PlatformClient client = connection.client(http, clock, environment, "engine");
            try (DueEvents events = new DueEvents(client, clock)) {
                CampaignEngine engine =
                        new CampaignEngine(
                                client,
                                world,
                                events,
                                clock,
                                position,
                                new ContactPurchases(world, events));
                while (true) {
                    int contacts = engine.poll(POLL);
                    if (contacts > 0) {
                        screen.note(engine.summary().toString());
                    }
                    if (once && contacts == 0) {
                        events.drain();
                    }
                    String reached = engine.position();
                    // Not before all that follows from it is posted: what is read twice counts
                    // once.
                    if (file != null && reached != null && events.isIdle()) {
                        Files.writeString(file, reached, StandardCharsets.UTF_8);
                    }
                    if (once && contacts == 0) {
                        return 0;
                    }
                }
            }
        }
    }

    @Command(
            description = "What ./clientele demo shows, on a platform that runs.",
            mixinStandardHelpOptions = true)
    int demo(
            @Option(
                            names = "--members",
                            paramLabel = "N",
                            defaultValue = "2000",
                            description = "How many enroll. Default: ${DEFAULT-VALUE}.")
                    int members,
            @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = SEED)
                    long seed,
            @Option(names = "--exit", description = "End after the report, instead of living on.")
                    boolean exit,
            @Mixin Connection connection) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        World world = world("demo", seed, members, now.minus(Duration.ofDays(365)), now);
        try (HttpClient http = PlatformClient.http()) {
            Demo demo =
                    new Demo(
                            world,
                            connection.inRole(http, clock, environment, "admin"),
                            connection.inRole(http, clock, environment, "ingest"),
                            connection.inRole(http, clock, environment, "engine"),
                            clock,
                            screen);
            demo.run(!exit);
        }
        return 0;
    }

    private World world(String command, long seed, int members, Instant from, Instant to) {
        try {
            return new World(seed, members, from, to);
        } catch (IllegalArgumentException invalid) {
            throw wrongUsage(command, invalid.getMessage() + ".");
        }
    }

    private Instant instant(String command, String text) {
        try {
            return text.length() <= 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeParseException invalid) {
            throw wrongUsage(
                    command,
                    "a time is a date or an instant such as 2026-01-01T00:00:00Z, was \""
                            + text
                            + "\".");
        }
    }

    private CommandLine.ParameterException wrongUsage(String command, String message) {
        CommandLine line = new CommandLine(new Main(clock, screen, environment));
        CommandLine found = line.getSubcommands().get(command);
        return new CommandLine.ParameterException(found == null ? line : found, message);
    }
}
