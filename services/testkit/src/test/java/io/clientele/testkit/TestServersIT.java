package io.clientele.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.clientele.embedded.ServerKind;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The test resources hand out servers that work. */
@Timeout(180)
class TestServersIT {
    @Test
    void probeReadsCommittedRecordsOnly() {
        try (KafkaProbe probe = KafkaProbe.connect()) {
            probe.createTopic("probe", 2, Map.of());
            probe.createTopic("probe", 2, Map.of());
            probe.send(record("plain"));
            try (KafkaProducer<String, byte[]> producer = transactional()) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(record("aborted")).get();
                producer.abortTransaction();
                producer.beginTransaction();
                producer.send(record("committed")).get();
                producer.commitTransaction();
            } catch (Exception failed) {
                throw new AssertionError(failed);
            }

            assertThat(texts(probe.await("probe", 2, Duration.ofSeconds(20))))
                    .containsExactly("plain", "committed");
            assertThat(texts(probe.all("probe"))).containsExactly("plain", "committed");
            assertThatThrownBy(() -> probe.await("probe", 3, Duration.ofSeconds(1)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("expected 3 records on probe within PT1S, came 2");
        }
    }

    private static KafkaProducer<String, byte[]> transactional() {
        Map<String, Object> settings =
                KafkaProbe.clientSettings(TestServers.environment(ServerKind.KAFKA, "testkit"));
        settings.put("transactional.id", "probe-test");
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    private static ProducerRecord<String, byte[]> record(String text) {
        return new ProducerRecord<>("probe", 0, "key", text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> texts(List<ConsumerRecord<String, byte[]>> records) {
        return records.stream()
                .map(found -> new String(found.value(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void tokensAreMadeOnceAndNameProgramAndRole() throws Exception {
        String token = Tokens.of("demo", "analyst");

        JsonNode claims =
                new ObjectMapper()
                        .readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));

        assertThat(claims.path("program").asText()).isEqualTo("demo");
        assertThat(claims.path("aud").asText()).isEqualTo("clientele");
        assertThat(claims.at("/realm_access/roles").toString()).isEqualTo("[\"analyst\"]");
        assertThat(Tokens.of("demo", "analyst")).isSameAs(token);
        assertThat(Tokens.bearer("other", "analyst")).startsWith("Bearer ").doesNotContain(token);
    }

    @Test
    void postgresResourceHandsOutTheRolesOfItsService() throws Exception {
        PostgresResource resource = new PostgresResource();
        resource.init(Map.of("service", "ingestion"));

        Map<String, String> environment = resource.start();

        String url = environment.get("CLIENTELE_POSTGRES_URL") + "/ingestion";
        for (String role : List.of("ingestion", "ingestion_owner")) {
            String key =
                    role.endsWith("owner")
                            ? "CLIENTELE_POSTGRES_OWNER_PASSWORD"
                            : "CLIENTELE_POSTGRES_PASSWORD";
            try (Connection connection =
                    DriverManager.getConnection(url, role, environment.get(key))) {
                assertThat(connection.isValid(5)).isTrue();
            }
        }
    }

    @Test
    void mongoResourceBehindAProxyIsCutAndRestored() {
        MongoResource resource = new MongoResource();
        resource.init(Map.of("proxied", "true"));
        String url =
                resource.start().get("CLIENTELE_MONGODB_URL") + "/?serverSelectionTimeoutMS=1000";
        try (MongoClient client = MongoClients.create(url)) {
            var collection = client.getDatabase("testkit").getCollection("cut");
            collection.drop();
            collection.insertOne(new Document("_id", 1));

            TcpProxy.named("mongodb").cut();
            assertThatThrownBy(() -> collection.insertOne(new Document("_id", 2)))
                    .isInstanceOf(MongoException.class);
            TcpProxy.named("mongodb").restore();

            collection.insertOne(new Document("_id", 3));
            assertThat(collection.countDocuments()).isEqualTo(2);
        } finally {
            TcpProxy.named("mongodb").restore();
        }
    }

    @Test
    void aPausedServerAnswersAgainWhenItGoesOn() throws Exception {
        String address =
                TestServers.environment(ServerKind.POSTGRES, "testkit")
                        .get("CLIENTELE_POSTGRES_URL");
        String password =
                TestServers.environment(ServerKind.POSTGRES, "testkit")
                        .get("CLIENTELE_POSTGRES_PASSWORD");
        String url = address + "/testkit?connectTimeout=1&socketTimeout=1&loginTimeout=2";

        try (ServerFaults.Fault paused = ServerFaults.pause(ServerKind.POSTGRES)) {
            assertThat(paused).isNotNull();
            assertThatThrownBy(() -> DriverManager.getConnection(url, "testkit", password).close())
                    .isInstanceOf(java.sql.SQLException.class);
        }

        try (Connection connection = DriverManager.getConnection(url, "testkit", password)) {
            assertThat(connection.isValid(5)).isTrue();
        }
    }
}
