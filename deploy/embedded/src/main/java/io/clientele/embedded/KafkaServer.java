package io.clientele.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A broker and its controller in one JVM, with one SASL listener for clients. */
record KafkaServer(Setup setup) implements Server {
    static final String SUPERUSER = "clientele";
    static final String MECHANISM = "SCRAM-SHA-256";

    @Override
    public ServerKind kind() {
        return ServerKind.KAFKA;
    }

    @Override
    public String address() {
        return "127.0.0.1:" + setup.port();
    }

    @Override
    public int[] ports() {
        return new int[] {setup.port(), setup.port() + 1};
    }

    static String secretName(String principal) {
        return "kafka." + principal;
    }

    /** The login of a client, as Kafka's {@code sasl.jaas.config}. */
    static String login(String principal, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
                + principal
                + "\" password=\""
                + password
                + "\";";
    }

    private Path settings() {
        return setup.home().resolve("server.properties");
    }

    private Path clients() {
        return setup.home().resolve("clients.properties");
    }

    @Override
    public void prepare() {
        Secrets secrets = setup.secrets();
        String password = secrets.require(secretName(SUPERUSER));
        String internal = secrets.require("kafka.controller");
        PrivateFiles.write(
                settings(),
                """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$s
                listeners=CLIENT://127.0.0.1:%1$s,CONTROLLER://127.0.0.1:%2$s
                advertised.listeners=CLIENT://127.0.0.1:%1$s
                listener.security.protocol.map=CLIENT:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT
                inter.broker.listener.name=CLIENT
                controller.listener.names=CONTROLLER
                sasl.mechanism.inter.broker.protocol=SCRAM-SHA-256
                sasl.mechanism.controller.protocol=PLAIN
                listener.name.client.sasl.enabled.mechanisms=SCRAM-SHA-256
                listener.name.client.scram-sha-256.sasl.jaas.config=%4$s
                listener.name.controller.sasl.enabled.mechanisms=PLAIN
                listener.name.controller.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \
                username="controller" password="%5$s" user_controller="%5$s";
                authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
                super.users=User:%6$s;User:controller
                allow.everyone.if.no.acl.found=false
                log.dirs=%3$s
                auto.create.topics.enable=false
                num.partitions=1
                default.replication.factor=1
                min.insync.replicas=1
                offsets.topic.num.partitions=1
                offsets.topic.replication.factor=1
                transaction.state.log.num.partitions=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                share.coordinator.state.topic.num.partitions=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                group.initial.rebalance.delay.ms=0
                # One machine: few threads, small buffers, seldom background work.
                num.network.threads=2
                num.io.threads=4
                background.threads=2
                log.cleaner.dedupe.buffer.size=16777216
                log.cleaner.backoff.ms=60000
                log.segment.bytes=67108864
                # After SIGKILL the next start waits for the end of the session.
                broker.session.timeout.ms=5000
                broker.heartbeat.interval.ms=1500
                """
                        .formatted(
                                setup.port(),
                                setup.port() + 1,
                                setup.home().resolve("data"),
                                login(SUPERUSER, password),
                                internal,
                                SUPERUSER));
        StringBuilder clients =
                new StringBuilder()
                        .append("cluster.id=")
                        .append(secrets.require("kafka.cluster"), 0, 22)
                        .append("\nbootstrap.servers=")
                        .append(address())
                        .append("\nsuperuser=")
                        .append(SUPERUSER)
                        .append("\nsuperuser.password=")
                        .append(password)
                        .append('\n');
        for (String program : setup.options().programs()) {
            clients.append("program.")
                    .append(program)
                    .append('=')
                    .append(secrets.require(secretName(program)))
                    .append('\n');
        }
        PrivateFiles.write(clients(), clients.toString());
        PrivateFiles.deleteIfExists(readyFile());
    }

    @Override
    public ManagedProcess.Command command() {
        return new ManagedProcess.Command(
                kind().folder(),
                setup.jars()
                        .command(
                                setup.home(),
                                List.of(
                                        "-Xmx256m",
                                        "-Xms64m",
                                        "-XX:+UseSerialGC",
                                        "-XX:+UseCompactObjectHeaders",
                                        "-XX:ReservedCodeCacheSize=64m",
                                        "-XX:MaxDirectMemorySize=64m",
                                        "-XX:-UsePerfData",
                                        "-Xshare:auto",
                                        "-Dfile.encoding=UTF-8",
                                        "--sun-misc-unsafe-memory-access=allow",
                                        "--enable-native-access=ALL-UNNAMED"),
                                "KafkaProgram",
                                List.of(
                                        settings().toString(),
                                        clients().toString(),
                                        readyFile().toString())),
                Map.of(),
                setup.home(),
                setup.log(),
                setup.run(),
                setup.ephemeral() ? "KILL" : "TERM",
                Duration.ofSeconds(30));
    }

    @Override
    public boolean isReady(ManagedProcess process) {
        return Files.exists(readyFile());
    }
}
