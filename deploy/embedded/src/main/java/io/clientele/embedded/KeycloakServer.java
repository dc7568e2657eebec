package io.clientele.embedded;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Keycloak with the realm of the platform. Its distribution is unpacked and built once a machine
 * and shared by all instances.
 */
record KeycloakServer(Setup setup) implements Server {
    static final String REALM = "clientele";

    /**
     * What the built copy fixes: development database, one node, and none of the parts nobody uses
     * here.
     */
    private static final List<String> BUILD_OPTIONS =
            List.of(
                    "--db=dev-file",
                    "--cache=local",
                    "--health-enabled=false",
                    "--metrics-enabled=false",
                    "--features-disabled=ciba,device-flow,par,impersonation,kerberos,passkeys,web-authn,organization");

    private static final List<String> JVM_OPTIONS =
            List.of(
                    "-Xms64m",
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseCompactObjectHeaders",
                    "-XX:ReservedCodeCacheSize=64m",
                    "-XX:-UsePerfData",
                    "-Xshare:auto",
                    "-Dfile.encoding=UTF-8",
                    "-Dstdout.encoding=UTF-8",
                    "-Dstderr.encoding=UTF-8",
                    "-Duser.language=en",
                    "-Duser.country=US",
                    "--sun-misc-unsafe-memory-access=allow",
                    "--add-opens=java.base/java.util=ALL-UNNAMED",
                    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                    "--add-opens=java.base/java.security=ALL-UNNAMED",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "--enable-native-access=ALL-UNNAMED");

    @Override
    public ServerKind kind() {
        return ServerKind.KEYCLOAK;
    }

    @Override
    public String address() {
        return "http://localhost:" + setup.port() + "/realms/" + REALM;
    }

    @Override
    public int[] ports() {
        return new int[] {setup.port()};
    }

    private Path imports() {
        return setup.home().resolve("data").resolve("import");
    }

    private Path importFile() {
        return imports().resolve(REALM + "-realm.json");
    }

    /** Exists once the realm is in Keycloak's database. */
    private Path imported() {
        return setup.home().resolve("imported");
    }

    @Override
    public void prepare() {
        Path distribution = distribution();
        for (String shared : List.of("lib", "providers", "themes")) {
            PrivateFiles.link(setup.home().resolve(shared), distribution.resolve(shared));
        }
        PrivateFiles.folder(setup.home().resolve("conf"));
        PrivateFiles.folder(imports());
        PrivateFiles.write(
                setup.home().resolve("conf").resolve("keycloak.conf"),
                """
                http-enabled=true
                http-host=127.0.0.1
                http-port=%1$s
                hostname=http://localhost:%1$s
                hostname-strict=false
                http-pool-max-threads=16
                db-pool-initial-size=1
                db-pool-min-size=1
                db-pool-max-size=10
                log-level=warn,io.quarkus:info
                bootstrap-admin-username=admin
                bootstrap-admin-password=%2$s
                """
                        .formatted(setup.port(), setup.secrets().require("keycloak.admin")));
        if (!Files.exists(imported())) {
            // A first start that was interrupted begins again.
            PrivateFiles.deleteTree(setup.home().resolve("data"));
            PrivateFiles.folder(imports());
            PrivateFiles.write(
                    importFile(), Realm.json(REALM, setup.options().programs(), setup.secrets()));
        }
    }

    private Path distribution() {
        Path archive = setup.jars().keycloakArchive();
        String version = PlatformVersions.keycloak(archive.toString());
        String name =
                "keycloak-"
                        + version
                        + "-"
                        + fingerprint(BUILD_OPTIONS.toString() + Runtime.version().feature());
        return Machine.cached(
                Machine.cache(setup.options().environment()),
                name,
                folder -> {
                    setup.step(kind(), "unpacking and building Keycloak, once (about 20 s)");
                    unpack(archive, folder);
                    List<String> line =
                            new ArrayList<>(
                                    List.of(
                                            "/bin/sh",
                                            folder.resolve("bin/kc.sh").toString(),
                                            "build"));
                    line.addAll(BUILD_OPTIONS);
                    Map<String, String> environment =
                            Map.of(
                                    "JAVA_HOME",
                                    System.getProperty("java.home"),
                                    "JAVA_OPTS",
                                    "-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
                    Machine.run(
                            "building Keycloak (kc.sh build)", line, folder, environment, "", 300);
                });
    }

    private static String fingerprint(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 4);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }

    /** Unpacks without the archive's first folder. */
    private static void unpack(Path archive, Path folder) {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String inner = entry.getName().substring(entry.getName().indexOf('/') + 1);
                Path target = folder.resolve(inner).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException("entry outside of the folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(zip, target);
                }
            }
        } catch (IOException failed) {
            throw new EmbeddedServerException(
                    "cannot unpack " + archive + ": " + failed.getMessage(), failed);
        }
    }

    @Override
    public ManagedProcess.Command command() {
        // The java command of kc.sh, with a home of this instance's own.
        List<String> line = new ArrayList<>();
        line.add(ServerJars.java());
        line.addAll(JVM_OPTIONS);
        line.addAll(
                List.of(
                        "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
                            + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
                        "-Dkc.home.dir=" + setup.home(),
                        "-Djboss.server.config.dir=" + setup.home().resolve("conf"),
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-Dpicocli.disable.closures=true",
                        "-Dquarkus-log-max-startup-records=10000",
                        "-cp",
                        setup.home().resolve("lib/quarkus-run.jar").toString(),
                        "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
                        "start",
                        "--optimized"));
        if (!Files.exists(imported())) {
            line.add("--import-realm");
        }
        return new ManagedProcess.Command(
                kind().folder(),
                line,
                Map.of(),
                setup.home(),
                setup.log(),
                setup.run(),
                setup.ephemeral() ? "KILL" : "TERM",
                Duration.ofSeconds(20));
    }

    @Override
    public boolean isReady(ManagedProcess process) {
        try {
            // Not java.net.http, whose clients each come with threads.
            HttpURLConnection connection =
                    (HttpURLConnection)
                            URI.create(address()).toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(1_000);
            connection.setReadTimeout(1_000);
            try {
                return connection.getResponseCode() == 200;
            } finally {
                connection.disconnect();
            }
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The secrets stand in one file only; Keycloak keeps its own copy in its database. */
    @Override
    public void afterReady() {
        PrivateFiles.deleteIfExists(importFile());
        PrivateFiles.write(imported(), String.join("\n", setup.options().programs()) + "\n");
    }

    @Override
    public Duration startLimit() {
        return Duration.ofSeconds(180);
    }
}
