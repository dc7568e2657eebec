package io.clientele.embedded.servers;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.Time;

/**
 * A Kafka broker and controller in one. At the first start it formats its storage with the
 * superuser's credentials; at every start it gives each program of the settings a principal of its
 * name that may read topics and groups that begin with {@code <program>.}, and nothing else.
 */
public final class KafkaProgram {
    private static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_256;
    private static final int ITERATIONS = 4096;

    private KafkaProgram() {}

    /**
     * Runs until it is told to stop by a signal.
     *
     * @param arguments the broker's settings, the clients' secrets ({@code superuser}, {@code
     *     superuser.password}, {@code program.<name>}) as another properties file, and the file to
     *     write when ready
     */
    public static void main(String[] arguments) throws Exception {
        Path settingsFile = Path.of(arguments[0]);
        Properties settings = load(settingsFile);
        Properties secrets = load(Path.of(arguments[1]));
        if (!Files.exists(Path.of(settings.getProperty("log.dirs"), "meta.properties"))) {
            format(settingsFile, secrets);
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "kafka-shutdown"));
        server.startup();
        allowPrograms(settings, secrets);
        Ready.announce(Path.of(arguments[2]));
        server.awaitShutdown();
    }

    private static Properties load(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties;
    }

    private static void format(Path settingsFile, Properties secrets) {
        PrintStream log = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        int status =
                StorageTool.execute(
                        new String[] {
                            "format",
                            // One word: an id may begin with a dash.
                            "--cluster-id=" + secrets.getProperty("cluster.id"),
                            "--config",
                            settingsFile.toString(),
                            "--add-scram",
                            MECHANISM.mechanismName()
                                    + "=[name="
                                    + secrets.getProperty("superuser")
                                    + ",iterations="
                                    + ITERATIONS
                                    + ",password="
                                    + secrets.getProperty("superuser.password")
                                    + "]"
                        },
                        log);
        if (status != 0) {
            throw new IllegalStateException("formatting the storage ended with status " + status);
        }
    }

    private static void allowPrograms(Properties settings, Properties secrets)
            throws InterruptedException, ExecutionException {
        Map<String, Object> client =
                Map.of(
                        "bootstrap.servers",
                        secrets.getProperty("bootstrap.servers"),
                        "security.protocol",
                        "SASL_PLAINTEXT",
                        "sasl.mechanism",
                        MECHANISM.mechanismName(),
                        "sasl.jaas.config",
                        settings.getProperty(
                                "listener.name.client.scram-sha-256.sasl.jaas.config"));
        List<AclBinding> rights = new ArrayList<>();
        List<UserScramCredentialAlteration> credentials = new ArrayList<>();
        for (String name : secrets.stringPropertyNames()) {
            if (name.startsWith("program.")) {
                String program = name.substring("program.".length());
                credentials.add(
                        new UserScramCredentialUpsertion(
                                program,
                                new ScramCredentialInfo(MECHANISM, ITERATIONS),
                                secrets.getProperty(name)));
                rights.add(mayRead(program, ResourceType.TOPIC));
                rights.add(mayRead(program, ResourceType.GROUP));
            }
        }
        if (rights.isEmpty()) {
            return;
        }
        try (Admin admin = Admin.create(client)) {
            var described = admin.describeUserScramCredentials().all().get();
            credentials.removeIf(credential -> described.containsKey(credential.user()));
            if (!credentials.isEmpty()) {
                admin.alterUserScramCredentials(credentials).all().get();
            }
            admin.createAcls(rights).all().get();
        }
    }

    /** READ implies DESCRIBE. */
    private static AclBinding mayRead(String program, ResourceType resource) {
        return new AclBinding(
                new ResourcePattern(resource, program + ".", PatternType.PREFIXED),
                new AccessControlEntry(
                        "User:" + program, "*", AclOperation.READ, AclPermissionType.ALLOW));
    }
}
