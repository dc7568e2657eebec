package io.clientele.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** PostgreSQL with one database and two roles a service. */
record PostgresServer(Setup setup) implements Server {
    @Override
    public ServerKind kind() {
        return ServerKind.POSTGRES;
    }

    @Override
    public String address() {
        return "jdbc:postgresql://127.0.0.1:" + setup.port();
    }

    @Override
    public int[] ports() {
        return new int[] {setup.port()};
    }

    static String secretName(String role) {
        return "postgres." + role;
    }

    private Path data() {
        return setup.home().resolve("data");
    }

    private Path programs() {
        Path cache = Machine.cache(setup.options().environment());
        String version = PlatformVersions.postgres(setup.jars().classPath());
        return Machine.cached(
                        cache,
                        "postgresql-" + version,
                        folder -> {
                            setup.step(kind(), "unpacking PostgreSQL, once");
                            List<String> line =
                                    new ArrayList<>(
                                            List.of(ServerJars.java(), "-XX:TieredStopAtLevel=1"));
                            line.addAll(
                                    List.of(
                                            "-cp",
                                            setup.jars().classPath(),
                                            "io.clientele.embedded.servers.ExtractProgram",
                                            folder.toString()));
                            Machine.run("unpacking PostgreSQL", line, folder, Map.of(), "", 120);
                        })
                .resolve("bin");
    }

    /**
     * The command line of one of PostgreSQL's programs. They refuse to be root; in a user namespace
     * of their own they are not.
     */
    private List<String> command(String program, List<String> arguments) {
        List<String> line = new ArrayList<>();
        if (isRoot()) {
            line.addAll(List.of("unshare", "-U"));
        }
        line.add(programs().resolve(program).toString());
        line.addAll(arguments);
        return line;
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    @Override
    public void prepare() {
        programs();
        if (isRoot()) {
            requireNamespaces();
        }
        Path home = setup.home();
        Path done = home.resolve("databases");
        List<String> known = readLines(done);
        if (!Files.exists(data().resolve("PG_VERSION")) || known.isEmpty()) {
            // Nothing was ever kept here: a first start that was interrupted begins again.
            PrivateFiles.deleteTree(data());
            initialize(home);
        }
        List<String> missing = new ArrayList<>(setup.options().databases());
        missing.removeAll(known);
        if (!missing.isEmpty() || known.isEmpty()) {
            missing.forEach(this::createDatabase);
            List<String> all = new ArrayList<>(known.isEmpty() ? List.of("postgres") : known);
            all.addAll(missing);
            PrivateFiles.write(done, String.join("\n", all) + "\n");
        }
        try {
            Files.deleteIfExists(data().resolve("postmaster.pid"));
        } catch (IOException failed) {
            throw new EmbeddedServerException(
                    "cannot write to " + data() + ": " + failed.getMessage(), failed);
        }
    }

    private void requireNamespaces() {
        try {
            Machine.run(
                    "a user namespace",
                    List.of("unshare", "-U", "true"),
                    setup.home(),
                    Map.of(),
                    "",
                    10);
        } catch (EmbeddedServerException refused) {
            throw new EmbeddedServerException(
                    "PostgreSQL does not run as root and this machine allows no user namespaces"
                        + " (unshare -U): start as another user or set CLIENTELE_POSTGRES_URL to"
                        + " the address of a PostgreSQL",
                    refused);
        }
    }

    private void initialize(Path home) {
        Path passwordFile = home.resolve("password");
        PrivateFiles.write(passwordFile, setup.secrets().require(secretName("postgres")) + "\n");
        List<String> arguments =
                List.of(
                        "-D",
                        data().toString(),
                        "-U",
                        "postgres",
                        "-E",
                        "UTF8",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--locale=C",
                        "-A",
                        "scram-sha-256",
                        "--pwfile=" + passwordFile,
                        "--no-sync",
                        "--no-instructions");
        Machine.run("PostgreSQL's initdb", command("initdb", arguments), home, Map.of(), "", 120);
        PrivateFiles.deleteIfExists(passwordFile);
    }

    private void createDatabase(String database) {
        single("postgres", String.join("\n", databaseStatements(database, setup.secrets())) + "\n");
        single(database, String.join("\n", schemaStatements(database)) + "\n");
    }

    /**
     * Makes a database and its two roles, the owner and the one without DDL; for database {@code
     * postgres}. Each statement is one line without a semicolon, as PostgreSQL reads them in
     * single-user mode.
     */
    static List<String> databaseStatements(String database, Secrets secrets) {
        String owner = database + "_owner";
        return """
        CREATE ROLE %1$s LOGIN PASSWORD '%3$s'
        CREATE ROLE %2$s LOGIN PASSWORD '%4$s'
        CREATE DATABASE %2$s OWNER %1$s
        REVOKE ALL ON DATABASE %2$s FROM PUBLIC
        GRANT CONNECT ON DATABASE %2$s TO %2$s
        """
                .formatted(
                        owner,
                        database,
                        secrets.require(secretName(owner)),
                        secrets.require(secretName(database)))
                .lines()
                .toList();
    }

    /** What a role may do; for the database itself. Lines as above. */
    static List<String> schemaStatements(String database) {
        return """
        ALTER SCHEMA public OWNER TO %1$s
        REVOKE ALL ON SCHEMA public FROM PUBLIC
        GRANT USAGE ON SCHEMA public TO %2$s
        ALTER DEFAULT PRIVILEGES FOR ROLE %1$s IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %2$s
        ALTER DEFAULT PRIVILEGES FOR ROLE %1$s IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO %2$s
        """
                .formatted(database + "_owner", database)
                .lines()
                .toList();
    }

    /** Runs statements while no server runs on the data. */
    private void single(String database, String statements) {
        String output =
                Machine.run(
                        "creating database " + database,
                        command("postgres", List.of("--single", "-D", data().toString(), database)),
                        setup.home(),
                        Map.of(),
                        statements,
                        60);
        List<String> errors =
                output.lines()
                        .filter(line -> line.contains("ERROR:") || line.contains("FATAL:"))
                        .toList();
        if (!errors.isEmpty()) {
            throw new EmbeddedServerException(
                    "creating database " + database + " failed: " + String.join("; ", errors));
        }
    }

    private static List<String> readLines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException failed) {
            throw new EmbeddedServerException(
                    "cannot read " + file + ": " + failed.getMessage(), failed);
        }
    }

    @Override
    public ManagedProcess.Command command() {
        List<String> settings =
                new ArrayList<>(
                        List.of(
                                "port=" + setup.port(),
                                "listen_addresses=127.0.0.1",
                                "unix_socket_directories=",
                                "max_connections=80",
                                "shared_buffers=192MB",
                                "io_method=sync",
                                "wal_level=minimal",
                                "max_wal_senders=0",
                                "max_wal_size=256MB",
                                "checkpoint_timeout=15min",
                                "autovacuum_naptime=5min",
                                "bgwriter_lru_maxpages=0",
                                "jit=off",
                                "random_page_cost=1.1",
                                "timezone=UTC",
                                "log_timezone=UTC"));
        if (setup.ephemeral()) {
            settings.addAll(List.of("fsync=off", "synchronous_commit=off", "full_page_writes=off"));
        }
        List<String> arguments = new ArrayList<>(List.of("-D", data().toString()));
        settings.forEach(setting -> arguments.addAll(List.of("-c", setting)));
        return new ManagedProcess.Command(
                kind().folder(),
                command("postgres", arguments),
                Map.of(),
                setup.home(),
                setup.log(),
                setup.run(),
                // Fast shutdown, or at once when nothing is kept.
                setup.ephemeral() ? "QUIT" : "INT",
                Duration.ofSeconds(30));
    }

    /** PostgreSQL writes its state into the last line of its pid file. */
    @Override
    public boolean isReady(ManagedProcess process) {
        List<String> lines = readLines(data().resolve("postmaster.pid"));
        return lines.size() >= 8
                && lines.getFirst().strip().equals(Long.toString(process.pid()))
                && lines.get(7).strip().equals("ready");
    }
}
