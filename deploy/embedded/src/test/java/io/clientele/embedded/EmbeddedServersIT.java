package io.clientele.embedded;

import static com.mongodb.client.model.Filters.eq;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A persistent set of all four servers, as {@code ./clientele up} runs it. */
@Timeout(180)
class EmbeddedServersIT {
    @TempDir static Path folder;

    private static EmbeddedServers servers;
    private static Options options;

    @BeforeAll
    static void start() throws IOException {
        Path data = PrivateFiles.folder(folder.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        // One cluster id in 64 begins with a dash.
        PrivateFiles.write(
                data.resolve("secrets.properties"),
                "kafka.cluster=-_beginsWithADash-0123456789ABCDEFGHIJKLMNOPQ\n");
        options =
                Options.persistent(data, Ports.freeBase())
                        .environment(TestEnvironment.withoutAddresses());
        servers = EmbeddedServers.start(options);
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @Test
    void aRestartKeepsTheDataOfEachServer() throws Exception {
        // given
        String topic = "kept-" + UUID.randomUUID();
        createTopic(topic);
        produce(topic, "kept");
        try (Connection owner = connect("ingestion", "ingestion_owner");
                Statement statement = owner.createStatement()) {
            statement.execute("create table kept (value text)");
        }
        execute("insert into kept values ('kept')");
        try (MongoClient mongo = mongo()) {
            mongo.getDatabase("profile")
                    .getCollection("kept")
                    .insertOne(new Document("_id", 1).append("value", "kept"));
        }
        String realm = realm();

        // when
        servers.close();
        long begun = System.nanoTime();
        servers = EmbeddedServers.start(options);
        Duration second = Duration.ofNanos(System.nanoTime() - begun);

        // then
        assertThat(records(topic)).containsExactly("kept");
        assertThat(query("select value from kept")).isEqualTo("kept");
        try (MongoClient mongo = mongo()) {
            assertThat(
                            mongo.getDatabase("profile")
                                    .getCollection("kept")
                                    .find(eq("_id", 1))
                                    .first())
                    .isEqualTo(new Document("_id", 1).append("value", "kept"));
        }
        // The realm's public key is made once.
        assertThat(realm).contains("public_key");
        assertThat(realm()).isEqualTo(realm);
        assertThat(claims("demo", "admin")).contains("\"program\":\"demo\"");
        assertThat(second).isLessThan(Duration.ofSeconds(60));
    }

    @Test
    void killedServersStartAgainWithTheirData() throws Exception {
        // given
        String topic = "killed-" + UUID.randomUUID();
        createTopic(topic);
        produce(topic, "kept");
        try (Connection owner = connect("segmentation", "segmentation_owner");
                Statement statement = owner.createStatement()) {
            statement.execute("create table killed (value text)");
            statement.execute("insert into killed values ('kept')");
        }
        try (MongoClient mongo = mongo()) {
            mongo.getDatabase("profile").getCollection("killed").insertOne(new Document("_id", 1));
        }

        // when
        for (ServerKind kind :
                EnumSet.of(ServerKind.KAFKA, ServerKind.POSTGRES, ServerKind.MONGODB)) {
            RunningServer server = servers.require(kind);
            long before = server.pid();
            server.kill();
            assertThat(server.isAlive()).as("%s", kind).isFalse();
            server.restart();
            assertThat(server.pid()).as("%s", kind).isNotEqualTo(before);
        }

        // then
        assertThat(records(topic)).containsExactly("kept");
        try (Connection application = connect("segmentation", "segmentation");
                Statement statement = application.createStatement();
                ResultSet result = statement.executeQuery("select value from killed")) {
            assertThat(result.next()).isTrue();
            assertThat(result.getString(1)).isEqualTo("kept");
        }
        try (MongoClient mongo = mongo()) {
            assertThat(mongo.getDatabase("profile").getCollection("killed").countDocuments())
                    .isEqualTo(1);
        }
    }

    @Test
    void theStoreLosesNoAcknowledgedWriteToSigkill() {
        RunningServer store = servers.require(ServerKind.MONGODB);
        try (MongoClient mongo = mongo()) {
            mongo.getDatabase("profile")
                    .getCollection("durable")
                    .insertOne(new Document("_id", 1).append("version", 1));
            mongo.getDatabase("profile")
                    .getCollection("durable")
                    .replaceOne(eq("_id", 1), new Document("version", 2));

            store.kill();
        }

        store.restart();

        try (MongoClient mongo = mongo()) {
            assertThat(mongo.getDatabase("profile").getCollection("durable").find())
                    .containsExactly(new Document("_id", 1).append("version", 2));
        }
    }

    @Test
    void aProgramReadsItsOwnTopicsOnly() throws Exception {
        // given
        createTopic("demo.segment-memberships.v1");
        createTopic("demo-shop.segment-memberships.v1");
        produce("demo.segment-memberships.v1", "m-1 entered vip");

        // then
        assertThat(consume("demo", "demo.reader", "demo.segment-memberships.v1"))
                .containsExactly("m-1 entered vip");
        assertThatThrownBy(() -> consume("other", "other.reader", "demo.segment-memberships.v1"))
                .isInstanceOf(TopicAuthorizationException.class);
        assertThatThrownBy(() -> consume("other", "demo.reader", "demo.segment-memberships.v1"))
                .isInstanceOfAny(
                        GroupAuthorizationException.class, TopicAuthorizationException.class);
        assertThatThrownBy(() -> consume("demo", "demo.reader", "demo-shop.segment-memberships.v1"))
                .isInstanceOf(TopicAuthorizationException.class);
    }

    @Test
    void aProgramMayNotWriteOrCreate() throws Exception {
        createTopic("demo.written");
        assertThatThrownBy(
                        () -> {
                            try (KafkaProducer<String, String> producer =
                                    producer(servers.kafkaCredentials("demo"))) {
                                producer.send(new ProducerRecord<>("demo.written", "k", "forged"))
                                        .get();
                            }
                        })
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(AuthorizationException.class);
        assertThatThrownBy(
                        () -> {
                            try (Admin admin =
                                    Admin.create(settings(servers.kafkaCredentials("demo")))) {
                                admin.createTopics(List.of(new NewTopic("demo.mine", 1, (short) 1)))
                                        .all()
                                        .get();
                            }
                        })
                .hasCauseInstanceOf(TopicAuthorizationException.class);
    }

    @Test
    void kafkaRefusesAWrongPassword() {
        Map<String, String> wrong = new HashMap<>(servers.kafkaCredentials("demo"));
        wrong.computeIfPresent(
                "CLIENTELE_KAFKA_SASL_JAAS_CONFIG",
                (key, login) -> login.replaceAll("password=\"[^\"]*\"", "password=\"guess\""));

        assertThatThrownBy(
                        () -> {
                            try (Admin admin = Admin.create(settings(wrong))) {
                                admin.listTopics().names().get();
                            }
                        })
                .hasCauseInstanceOf(SaslAuthenticationException.class);
    }

    @Test
    void theApplicationRoleChangesRowsButNotTablesAndObeysRowLevelSecurity() throws Exception {
        try (Connection owner = connect("ingestion", "ingestion_owner");
                Statement statement = owner.createStatement()) {
            statement.execute(
                    "create table guarded (id bigint generated always as identity, program text)");
            statement.execute("alter table guarded enable row level security");
            statement.execute(
                    "create policy own on guarded using (program = current_setting('app.program',"
                            + " true))");
        }
        try (Connection application = connect("ingestion", "ingestion");
                Statement statement = application.createStatement()) {
            statement.execute("set app.program = 'demo'");
            statement.execute("insert into guarded (program) values ('demo')");
            assertThatThrownBy(() ->
                            statement.execute("insert into guarded (program) values ('other')"))
                    .hasMessageContaining("row-level security");
            statement.execute("set app.program = 'other'");
            try (ResultSet rows = statement.executeQuery("select count(*) from guarded")) {
                rows.next();
                assertThat(rows.getLong(1)).isZero();
            }
            assertThatThrownBy(() -> statement.execute("create table mine (id int)"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> statement.execute("drop table guarded"))
                    .hasMessageContaining("must be owner");
        }
    }

    @Test
    void aRoleReachesItsOwnDatabaseOnly() {
        assertThatThrownBy(
                        () -> {
                            try (Connection wrong = connect("segmentation", "ingestion")) {
                                assertThat(wrong.isValid(1)).isTrue();
                            }
                        })
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied for database");
    }

    @Test
    void tokensNameProgramRoleAndAudience() throws Exception {
        assertThat(claims("other", "marketer"))
                .contains("\"program\":\"other\"")
                .contains("\"realm_access\":{\"roles\":[\"marketer\"]}")
                .contains("\"aud\":\"clientele\"")
                .contains("\"iss\":\"" + servers.require(ServerKind.KEYCLOAK).address() + "\"");
    }

    @Test
    void secretsAreReadableByTheirOwnerOnly() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(servers.data())))
                .isEqualTo("rwx------");
        List<String> secrets = servers.secrets().find("kafka.clientele").stream().toList();
        assertThat(secrets).hasSize(1);
        try (Stream<Path> files = Files.walk(servers.data(), 2)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1)
                        .contains(secrets.getFirst())) {
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .as("%s", file)
                            .isEqualTo("rw-------");
                }
            }
        }
    }

    @Test
    void theDataFolderOfARunningSetIsRefused() {
        assertThatThrownBy(() -> EmbeddedServers.start(options))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageStartingWith(
                        "the data folder " + servers.data() + " is in use by a platform that runs");
    }

    @Test
    void aServerWithAnAddressInTheEnvironmentIsNotStarted() {
        Map<String, String> given = new HashMap<>(TestEnvironment.withoutAddresses());
        given.putAll(
                Map.of(
                        "CLIENTELE_MONGODB_URL", "mongodb://store.example.org",
                        "CLIENTELE_POSTGRES_URL", "jdbc:postgresql://db.example.org:5432",
                        "CLIENTELE_POSTGRES_PASSWORD_INGESTION", "mine",
                        "CLIENTELE_POSTGRES_OWNER_PASSWORD", "everyone's",
                        "CLIENTELE_KAFKA_BOOTSTRAP_SERVERS", "kafka.example.org:9092",
                        "CLIENTELE_KAFKA_SECURITY_PROTOCOL", "SSL",
                        "CLIENTELE_OIDC_URL", "https://id.example.org/realms/shop",
                        "CLIENTELE_IDENTITY_KEY", "a2V5"));

        try (EmbeddedServers none = EmbeddedServers.start(Options.ephemeral().environment(given))) {
            assertThat(none.running()).isEmpty();
            assertThat(none.environment("ingestion"))
                    .containsExactlyInAnyOrderEntriesOf(
                            Map.of(
                                    "CLIENTELE_MONGODB_URL", "mongodb://store.example.org",
                                    "CLIENTELE_POSTGRES_URL",
                                            "jdbc:postgresql://db.example.org:5432",
                                    "CLIENTELE_POSTGRES_PASSWORD", "mine",
                                    "CLIENTELE_POSTGRES_OWNER_PASSWORD", "everyone's",
                                    "CLIENTELE_KAFKA_BOOTSTRAP_SERVERS", "kafka.example.org:9092",
                                    "CLIENTELE_KAFKA_SECURITY_PROTOCOL", "SSL",
                                    "CLIENTELE_OIDC_URL", "https://id.example.org/realms/shop",
                                    "CLIENTELE_IDENTITY_KEY", "a2V5"));
        }
    }

    private static Map<String, Object> settings(Map<String, String> environment) {
        return Map.of(
                "bootstrap.servers",
                        environment.getOrDefault("CLIENTELE_KAFKA_BOOTSTRAP_SERVERS", ""),
                "security.protocol",
                        environment.getOrDefault("CLIENTELE_KAFKA_SECURITY_PROTOCOL", ""),
                "sasl.mechanism", environment.getOrDefault("CLIENTELE_KAFKA_SASL_MECHANISM", ""),
                "sasl.jaas.config",
                        environment.getOrDefault("CLIENTELE_KAFKA_SASL_JAAS_CONFIG", ""));
    }

    private static void createTopic(String name) throws Exception {
        try (Admin admin = Admin.create(settings(servers.environment("ingestion")))) {
            admin.createTopics(List.of(new NewTopic(name, Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
    }

    private static KafkaProducer<String, String> producer(Map<String, String> environment) {
        return new KafkaProducer<>(
                settings(environment), new StringSerializer(), new StringSerializer());
    }

    private static void produce(String topic, String value) throws Exception {
        try (KafkaProducer<String, String> producer = producer(servers.environment("ingestion"))) {
            producer.send(new ProducerRecord<>(topic, "key", value)).get();
        }
    }

    private static List<String> records(String topic) {
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        settings(servers.environment("ingestion")),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return values(consumer);
        }
    }

    private static List<String> consume(String program, String group, String topic) {
        Map<String, Object> all = new HashMap<>(settings(servers.kafkaCredentials(program)));
        all.put("group.id", group);
        all.put("auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            return values(consumer);
        }
    }

    private static List<String> values(KafkaConsumer<String, String> consumer) {
        for (int poll = 0; poll < 100; poll++) {
            var found = consumer.poll(Duration.ofMillis(200));
            if (!found.isEmpty()) {
                return Stream.of(found)
                        .flatMap(records ->
                                java.util.stream.StreamSupport.stream(records.spliterator(), false))
                        .map(ConsumerRecord::value)
                        .toList();
            }
        }
        return List.of();
    }

    private static Connection connect(String database, String role) throws SQLException {
        return DriverManager.getConnection(
                servers.require(ServerKind.POSTGRES).address() + "/" + database,
                role,
                servers.postgresPassword(role));
    }

    private static void execute(String statement) throws SQLException {
        try (Connection connection = connect("ingestion", "ingestion");
                Statement prepared = connection.createStatement()) {
            prepared.execute(statement);
        }
    }

    private static String query(String statement) throws SQLException {
        try (Connection connection = connect("ingestion", "ingestion");
                Statement prepared = connection.createStatement();
                ResultSet result = prepared.executeQuery(statement)) {
            result.next();
            return result.getString(1);
        }
    }

    private static MongoClient mongo() {
        return MongoClients.create(servers.require(ServerKind.MONGODB).address());
    }

    private static String realm() throws Exception {
        return get(
                HttpRequest.newBuilder(URI.create(servers.require(ServerKind.KEYCLOAK).address()))
                        .build());
    }

    private static String claims(String program, String role) throws Exception {
        String secret = servers.clientSecret(program, role).orElseThrow();
        String basic =
                Base64.getEncoder()
                        .encodeToString(
                                (program + "-" + role + ":" + secret)
                                        .getBytes(StandardCharsets.UTF_8));
        String reply =
                get(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                servers.require(ServerKind.KEYCLOAK).address()
                                                        + "/protocol/openid-connect/token"))
                                .header("Authorization", "Basic " + basic)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "grant_type=client_credentials"))
                                .build());
        String token = reply.replaceAll(".*\"access_token\":\"([^\"]*)\".*", "$1");
        return new String(
                Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8);
    }

    private static String get(HttpRequest request) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return response.body();
        }
    }
}
