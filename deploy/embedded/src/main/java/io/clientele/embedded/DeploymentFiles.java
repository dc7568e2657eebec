package io.clientele.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes what containers need and no repository may hold: passwords and keys, Keycloak's realm, and
 * PostgreSQL's databases and roles, all as the servers of this package have them. For a compose
 * file and for a cluster on one machine; a production platform has its own secrets.
 *
 * <p>Into the folder, which only its owner can enter:
 *
 * <ul>
 *   <li>{@code secrets.properties}: every secret; see {@link Secrets}. Kept when it exists, so
 *       writing again changes nothing.
 *   <li>{@code NAME.env}: the variables of one program or server.
 *   <li>{@code postgresql.sql}, {@code clientele-realm.json}: what PostgreSQL and Keycloak load at
 *       their first start. Readable by all, as the servers run as users of their own.
 *   <li>{@code kustomization.yaml}: all of these as Secrets {@code NAME}, {@code postgresql-init}
 *       and {@code keycloak-realm} of namespace {@code clientele}.
 * </ul>
 */
public final class DeploymentFiles {
    private static final String NAMESPACE = "clientele";
    private static final String MONGODB_USER = "clientele";

    private final Path folder;
    private final Options options;
    private final Secrets secrets;
    private final Map<String, Map<String, String>> variables = new LinkedHashMap<>();

    private DeploymentFiles(Path folder, Options options) {
        this.folder = folder;
        this.options = options;
        this.secrets = Secrets.in(folder);
    }

    /**
     * Writes them into the folder that is the first argument, for the programs named by the others
     * ({@code demo} and {@code other} if none is).
     */
    public static void main(String[] arguments) {
        if (arguments.length == 0) {
            System.err.println("usage: DeploymentFiles FOLDER [PROGRAM...]");
            System.exit(2);
        }
        Options options = Options.ephemeral();
        if (arguments.length > 1) {
            options = options.programs(List.of(arguments).subList(1, arguments.length));
        }
        Path folder = Path.of(arguments[0]).toAbsolutePath().normalize();
        write(folder, options);
        System.out.println("The files of a deployment are in " + folder);
    }

    /**
     * Writes the files.
     *
     * @param options whose programs and databases there are; the rest is not used
     */
    public static void write(Path folder, Options options) {
        PrivateFiles.folder(folder);
        try {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot protect " + folder, failed);
        }
        new DeploymentFiles(folder, options).write();
    }

    private void write() {
        for (String database : options.databases()) {
            var own = new LinkedHashMap<String, String>();
            own.put(
                    "CLIENTELE_POSTGRES_PASSWORD",
                    secrets.require(PostgresServer.secretName(database)));
            own.put(
                    "CLIENTELE_POSTGRES_OWNER_PASSWORD",
                    secrets.require(PostgresServer.secretName(database + "_owner")));
            variables.put(database.replace('_', '-'), own);
        }
        // Segmentation asks profile for stored events when it verifies on its schedule.
        for (String program : options.programs()) {
            variables
                    .computeIfAbsent("segmentation", unused -> new LinkedHashMap<>())
                    .put(
                            Secrets.clientVariable(program, "marketer"),
                            secrets.require(Secrets.clientName(program, "marketer")));
        }
        String mongodb = secrets.require("mongodb." + MONGODB_USER);
        variables.put(
                "profile",
                Map.of(
                        "CLIENTELE_IDENTITY_KEY",
                        secrets.requireKey("identity-key"),
                        "CLIENTELE_MONGODB_URL",
                        "mongodb://"
                                + MONGODB_USER
                                + ":"
                                + mongodb
                                + "@mongodb:27017/?authSource=admin"));
        variables.put(
                "mongodb",
                Map.of(
                        "MONGO_INITDB_ROOT_USERNAME",
                        MONGODB_USER,
                        "MONGO_INITDB_ROOT_PASSWORD",
                        mongodb));
        variables.put(
                "postgresql",
                Map.of(
                        "POSTGRES_PASSWORD",
                        secrets.require(PostgresServer.secretName("postgres"))));
        variables.put(
                "keycloak",
                Map.of(
                        "KC_BOOTSTRAP_ADMIN_USERNAME",
                        "admin",
                        "KC_BOOTSTRAP_ADMIN_PASSWORD",
                        secrets.require("keycloak.admin")));
        variables.forEach((name, values) ->
                PrivateFiles.write(
                        folder.resolve(name + ".env"),
                        values.entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                                .collect(Collectors.joining())));
        readable("postgresql.sql", databases());
        readable(
                "clientele-realm.json",
                Realm.json(KeycloakServer.REALM, options.programs(), secrets));
        PrivateFiles.write(folder.resolve("kustomization.yaml"), kustomization());
    }

    /** As psql reads them. */
    private String databases() {
        StringBuilder script = new StringBuilder("\\set ON_ERROR_STOP on\n");
        for (String database : options.databases()) {
            script.append("\\connect postgres\n");
            PostgresServer.databaseStatements(database, secrets)
                    .forEach(statement -> script.append(statement).append(";\n"));
            script.append("\\connect ").append(database).append('\n');
            PostgresServer.schemaStatements(database)
                    .forEach(statement -> script.append(statement).append(";\n"));
        }
        return script.toString();
    }

    private String kustomization() {
        StringBuilder text =
                new StringBuilder(
                        """
                        apiVersion: kustomize.config.k8s.io/v1beta1
                        kind: Kustomization
                        namespace: %s
                        generatorOptions:
                          disableNameSuffixHash: true
                        secretGenerator:
                        """
                                .formatted(NAMESPACE));
        variables
                .keySet()
                .forEach(name -> text.append("- {name: %1$s, envs: [%1$s.env]}\n".formatted(name)));
        return text.append("- {name: postgresql-init, files: [postgresql.sql]}\n")
                .append("- {name: keycloak-realm, files: [clientele-realm.json]}\n")
                .toString();
    }

    private void readable(String name, String text) {
        Path file = folder.resolve(name);
        PrivateFiles.write(file, text);
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot share " + file, failed);
        }
    }
}
