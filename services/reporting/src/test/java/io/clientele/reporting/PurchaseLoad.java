package io.clientele.reporting;

import io.clientele.common.json.Json;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MemberKind;
import io.clientele.contracts.MemberRecord;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.Topics;
import io.clientele.embedded.ServerKind;
import io.clientele.testkit.KafkaProbe;
import io.clientele.testkit.TestServers;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Members who go on buying: 2,000 purchases a second, each of another id and of 1.25. */
final class PurchaseLoad {
    private static final int AT_ONCE = 200;

    private final ProgramId program;
    private final int members;
    private final Instant at;
    private final KafkaProducer<String, byte[]> producer;
    private final ScheduledExecutorService ticks =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("purchases").daemon().factory());
    private int told;

    private PurchaseLoad(String program, int members, Instant at) {
        this.program = new ProgramId(program);
        this.members = members;
        this.at = at;
        var settings =
                new HashMap<>(
                        KafkaProbe.clientSettings(
                                TestServers.environment(ServerKind.KAFKA, "testkit")));
        settings.put("linger.ms", 20);
        producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    /** Begins; all purchases are of one instant, by members m0, m1 and so on. */
    static PurchaseLoad start(String program, int members, Instant at) {
        var load = new PurchaseLoad(program, members, at);
        var unused =
                load.ticks.scheduleAtFixedRate(
                        load::tell, 0, 1_000L * AT_ONCE / 2_000, TimeUnit.MILLISECONDS);
        return load;
    }

    /** Ends; says how many purchases Kafka has. */
    int stop() throws InterruptedException {
        ticks.shutdown();
        boolean unused = ticks.awaitTermination(10, TimeUnit.SECONDS);
        producer.close();
        return told;
    }

    private void tell() {
        for (int i = 0; i < AT_ONCE; i++) {
            var member = "m" + told % members;
            var event =
                    new MemberRecord.EventApplied(
                            program,
                            new MemberId(member),
                            MemberKind.MEMBER,
                            "pos",
                            "load-" + told,
                            "purchase",
                            at,
                            at,
                            Map.of("amount", new BigDecimal("1.25")),
                            List.of(),
                            null,
                            null);
            var unused =
                    producer.send(
                            new ProducerRecord<>(
                                    Topics.MEMBER_EVENTS,
                                    program + ":" + member,
                                    Json.bytes(event)));
            told++;
        }
    }
}
