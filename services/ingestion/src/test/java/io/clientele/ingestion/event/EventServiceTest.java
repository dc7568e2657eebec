package io.clientele.ingestion.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.common.problem.TransientException;
import io.clientele.contracts.ProgramId;
import io.clientele.ingestion.attribute.AttributeValues;
import io.clientele.ingestion.eventtype.PropertyChecks;
import io.clientele.ingestion.messaging.KafkaWriter;
import io.clientele.ingestion.registry.BuiltIns;
import io.clientele.ingestion.registry.Registry;
import io.clientele.testkit.MutableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventServiceTest {
    private static final ProgramId DEMO = new ProgramId("demo");

    private final Registry registry = new Registry();
    private final FailingProducer producer = new FailingProducer();
    private final EventService service =
            new EventService(
                    new EventValidator(
                            registry,
                            new PropertyChecks(),
                            new AttributeValues(registry),
                            MutableClock.at(Instant.parse("2026-11-21T12:00:00Z"))),
                    new EventPublisher(new KafkaWriter(producer)),
                    new EventMetrics(new SimpleMeterRegistry()));

    /** Acknowledges the first records at once and gives up on each after them. */
    private static final class FailingProducer extends MockProducer<byte[], byte[]> {
        private int acknowledged;
        private int asked;

        private FailingProducer() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, Callback callback) {
            asked++;
            if (asked > acknowledged) {
                throw new TimeoutException("no metadata after 5000 ms");
            }
            return super.send(record, callback);
        }
    }

    @BeforeEach
    void fillRegistry() {
        BuiltIns.all(DEMO).forEach(registry::accept);
    }

    @Test
    void stopsAnArrayAtTheFirstEventThatKafkaDoesNotTake() {
        producer.acknowledged = 2;

        assertThatThrownBy(() -> service.takeBody(DEMO, stream("[" + events(10, ",") + "]")))
                .isInstanceOf(TransientException.class);

        assertThat(producer.asked).isEqualTo(3);
    }

    @Test
    void stopsAStreamAtTheFirstEventThatKafkaDoesNotTake() {
        producer.acknowledged = 2;

        var result = service.takeStream(DEMO, stream(events(10, "\n")));

        assertThat(result.failure()).isInstanceOf(TransientException.class);
        assertThat(result.reply().accepted()).isEqualTo(2);
        assertThat(result.nextLine()).isEqualTo(3);
        assertThat(producer.asked).isEqualTo(3);
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String events(int count, String between) {
        return IntStream.range(0, count)
                .mapToObj(i ->
                        "{\"id\":\""
                                + i
                                + "\",\"type\":\"purchase\",\"source\":\"pos-7\",\"member\":\"m-1\","
                                + "\"occurredAt\":\"2026-11-01T10:15:00Z\",\"properties\":{\"amount\":1}}")
                .collect(Collectors.joining(between));
    }
}
