package io.clientele.embedded;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to start, where, and for whom. Immutable; each method returns a changed copy.
 *
 * <p>Defaults: all four servers, programs {@code demo} and {@code other}, a database for each
 * service that keeps its data in PostgreSQL, the environment of this process.
 */
public final class Options {
    private final @Nullable Path data;
    private final @Nullable Path logs;
    private final int basePort;
    private final Set<ServerKind> servers;
    private final List<String> programs;
    private final List<String> databases;
    private final Map<String, String> environment;
    private final StartListener listener;

    private Options(
            @Nullable Path data,
            @Nullable Path logs,
            int basePort,
            Set<ServerKind> servers,
            List<String> programs,
            List<String> databases,
            Map<String, String> environment,
            StartListener listener) {
        this.data = data;
        this.logs = logs;
        this.basePort = basePort;
        this.servers = Set.copyOf(servers);
        this.programs = List.copyOf(programs);
        this.databases = List.copyOf(databases);
        this.environment = Map.copyOf(environment);
        this.listener = listener;
        for (String name : this.programs) {
            requireName("program", name, "[a-z0-9][a-z0-9-]{0,62}");
        }
        for (String name : this.databases) {
            requireName("database", name, "[a-z][a-z0-9_]{0,40}");
        }
    }

    /** Servers that keep their data below {@code data} and find it there at the next start. */
    public static Options persistent(Path data, int basePort) {
        return defaults(data.toAbsolutePath().normalize(), basePort);
    }

    /**
     * Servers on free ports in a temporary folder that is deleted when they close, or when this
     * process ends in any way.
     */
    public static Options ephemeral() {
        return defaults(null, 0);
    }

    private static Options defaults(@Nullable Path data, int basePort) {
        return new Options(
                data,
                null,
                basePort,
                EnumSet.allOf(ServerKind.class),
                List.of("demo", "other"),
                List.of("ingestion", "segmentation", "campaign_response", "reporting"),
                System.getenv(),
                StartListener.SILENT);
    }

    /**
     * Each server's port is {@code port} plus {@link ServerKind#portOffset}; 0 takes free ports.
     */
    public Options basePort(int port) {
        return new Options(data, logs, port, servers, programs, databases, environment, listener);
    }

    /** Only these servers. */
    public Options servers(Set<ServerKind> only) {
        return new Options(data, logs, basePort, only, programs, databases, environment, listener);
    }

    /** The programs that get a Kafka principal, clients and sample users. */
    public Options programs(List<String> names) {
        return new Options(data, logs, basePort, servers, names, databases, environment, listener);
    }

    /** The PostgreSQL databases, each with the roles {@code <name>_owner} and {@code <name>}. */
    public Options databases(List<String> names) {
        return new Options(data, logs, basePort, servers, programs, names, environment, listener);
    }

    /**
     * Where each process writes its log; by default {@code logs} in the data folder. Never deleted
     * when given here.
     */
    public Options logs(Path folder) {
        return new Options(
                data,
                folder.toAbsolutePath().normalize(),
                basePort,
                servers,
                programs,
                databases,
                environment,
                listener);
    }

    /**
     * Taken instead of the environment of this process: addresses of servers that are not to be
     * started, and secrets.
     */
    public Options environment(Map<String, String> variables) {
        return new Options(data, logs, basePort, servers, programs, databases, variables, listener);
    }

    /** Hears the progress. */
    public Options listener(StartListener hears) {
        return new Options(data, logs, basePort, servers, programs, databases, environment, hears);
    }

    /** The data folder; empty when ephemeral. */
    public Optional<Path> data() {
        return Optional.ofNullable(data);
    }

    /** The folder of logs, if it is not to be in the data folder. */
    public Optional<Path> logs() {
        return Optional.ofNullable(logs);
    }

    /** 0 for free ports. */
    public int basePort() {
        return basePort;
    }

    public Set<ServerKind> servers() {
        return servers;
    }

    public List<String> programs() {
        return programs;
    }

    public List<String> databases() {
        return databases;
    }

    public Map<String, String> environment() {
        return environment;
    }

    public StartListener listener() {
        return listener;
    }

    private static void requireName(String what, String name, String pattern) {
        if (!name.matches(pattern)) {
            throw new IllegalArgumentException(
                    "a " + what + " matches " + pattern + ", was \"" + name + "\"");
        }
    }
}
