package io.clientele.testkit;

import io.clientele.embedded.EmbeddedServers;
import io.clientele.embedded.Options;
import io.clientele.embedded.Secrets;
import io.clientele.embedded.ServerKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The servers of this test JVM: each is started when first asked for, ephemeral, kept for all test
 * classes, and ended with the JVM. A server whose address stands in the environment is used instead
 * of starting one.
 *
 * <p>Quarkus loads test classes several times over. What there is to know about a server therefore
 * stands in system properties, not in static fields.
 */
public final class TestServers {
    /**
     * Databases, each with its roles; a service's name, {@code _} for {@code -}, is its database.
     */
    private static final List<String> DATABASES =
            List.of("ingestion", "segmentation", "campaign_response", "reporting", "testkit");

    private static final List<String> PROGRAMS = List.of("demo", "other");
    private static final String PREFIX = "clientele.testkit.";

    private TestServers() {}

    /**
     * Starts the server if it does not run yet, and says how {@code service} reaches it, under the
     * names of the environment.
     *
     * @param service such as {@code ingestion}; only PostgreSQL tells services apart
     */
    public static Map<String, String> environment(ServerKind kind, String service) {
        // The one object all class loaders share.
        synchronized (Runtime.getRuntime()) {
            String started = PREFIX + kind + ".started";
            if (System.getProperty(started) == null) {
                start(kind);
                System.setProperty(started, "true");
            }
        }
        Map<String, String> found = read(PREFIX + kind + ".service." + service + ".");
        return found.isEmpty() ? read(PREFIX + kind + ".service.testkit.") : found;
    }

    /**
     * How a principal reaches the Kafka that was started here: {@code demo}, {@code other} or
     * {@code clientele}.
     *
     * @throws IllegalStateException if Kafka was not started here
     */
    public static Map<String, String> kafkaCredentials(String principal) {
        Map<String, String> servers = environment(ServerKind.KAFKA, "testkit");
        Map<String, String> found =
                principal.equals("clientele")
                        ? servers
                        : read(PREFIX + "KAFKA.principal." + principal + ".");
        if (found.isEmpty()) {
            throw new IllegalStateException(
                    "no login of principal " + principal + " for the Kafka at " + servers);
        }
        return found;
    }

    /** The process id of a server started here; empty if its address was given. */
    public static Optional<Long> pid(ServerKind kind) {
        environment(kind, "testkit");
        return Optional.ofNullable(System.getProperty(PREFIX + kind + ".pid")).map(Long::valueOf);
    }

    /** The secret of client {@code <program>-<role>} of the Keycloak in use. */
    static Optional<String> clientSecret(String program, String role) {
        environment(ServerKind.KEYCLOAK, "testkit");
        return Optional.ofNullable(
                        System.getProperty(PREFIX + "KEYCLOAK.client." + program + "-" + role))
                .or(() -> Secrets.clientSecret(System.getenv(), program, role));
    }

    /**
     * The password of the sample user {@code <program>-<role>} of the Keycloak in use.
     *
     * @throws IllegalStateException if it is not known
     */
    public static String userPassword(String program, String role) {
        environment(ServerKind.KEYCLOAK, "testkit");
        String user = program + "-" + role;
        return Optional.ofNullable(System.getProperty(PREFIX + "KEYCLOAK.secrets"))
                .or(() -> Optional.ofNullable(System.getenv(Secrets.ENVIRONMENT_KEY)))
                .flatMap(file -> Secrets.of(Path.of(file)).find("user." + user))
                .orElseThrow(() ->
                        new IllegalStateException(
                                "no password of user "
                                        + user
                                        + ": set CLIENTELE_SECRETS to the secrets file of the set"
                                        + " that Keycloak belongs to"));
    }

    private static void start(ServerKind kind) {
        // In a module's folder, as Maven runs tests.
        Path logs =
                Files.exists(Path.of("pom.xml"))
                        ? Path.of("target", "servers")
                        : Path.of(System.getProperty("java.io.tmpdir"), "clientele-testkit-logs");
        // Ended by its own shutdown hook.
        EmbeddedServers servers =
                EmbeddedServers.start(
                        Options.ephemeral()
                                .servers(EnumSet.of(kind))
                                .programs(PROGRAMS)
                                .databases(DATABASES)
                                .logs(logs));
        for (String service : DATABASES) {
            Map<String, String> environment = new LinkedHashMap<>(servers.environment(service));
            environment.put("CLIENTELE_IDENTITY_KEY", identityKey(servers.identityKey()));
            write(PREFIX + kind + ".service." + service + ".", environment);
        }
        if (servers.running().containsKey(kind)) {
            System.setProperty(PREFIX + kind + ".secrets", servers.secrets().file().toString());
            System.setProperty(PREFIX + kind + ".pid", Long.toString(servers.require(kind).pid()));
            for (String program : PROGRAMS) {
                switch (kind) {
                    case KAFKA ->
                            write(
                                    PREFIX + "KAFKA.principal." + program + ".",
                                    servers.kafkaCredentials(program));
                    case KEYCLOAK -> keepClientSecrets(servers, program);
                    case POSTGRES, MONGODB -> {
                        // These know no programs.
                    }
                }
            }
        }
    }

    private static void keepClientSecrets(EmbeddedServers servers, String program) {
        for (String role : Tokens.ROLES) {
            servers.clientSecret(program, role)
                    .ifPresent(secret ->
                            System.setProperty(
                                    PREFIX + "KEYCLOAK.client." + program + "-" + role, secret));
        }
    }

    /** One key for all sets of this JVM. */
    private static String identityKey(String candidate) {
        String name = PREFIX + "identity-key";
        if (System.getProperty(name) == null) {
            System.setProperty(name, candidate);
        }
        return System.getProperty(name, candidate);
    }

    private static void write(String prefix, Map<String, String> values) {
        values.forEach((key, value) -> System.setProperty(prefix + key, value));
    }

    private static Map<String, String> read(String prefix) {
        Map<String, String> values = new LinkedHashMap<>();
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(prefix))
                .sorted()
                .forEach(name ->
                        values.put(name.substring(prefix.length()), System.getProperty(name, "")));
        return values;
    }
}
