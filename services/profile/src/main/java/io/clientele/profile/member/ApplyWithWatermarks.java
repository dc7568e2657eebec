package io.clientele.profile.member;

import io.clientele.common.json.Json;
import io.clientele.common.kafka.CloudEventHeaders;
import io.clientele.common.kafka.TransactionalLoop;
import io.clientele.contracts.MemberRecord;
import io.clientele.contracts.Topics;
import io.clientele.profile.watermark.Watermarks;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Apply, and behind each batch the watermarks that it makes true. */
final class ApplyWithWatermarks implements TransactionalLoop.Step {
    private static final String SOURCE = "/clientele/profile";

    private final ApplyStep apply;
    private final Watermarks watermarks;

    ApplyWithWatermarks(ApplyStep apply, Watermarks watermarks) {
        this.apply = apply;
        this.watermarks = watermarks;
    }

    @Override
    public void process(List<ConsumerRecord<byte[], byte[]>> batch, TransactionalLoop.Output output)
            throws InterruptedException {
        apply.process(batch, output);
        for (var partition : output.assignment()) {
            watermarks
                    .due(partition.partition(), output.position(partition))
                    .ifPresent(through -> output.send(watermark(partition.partition(), through)));
        }
    }

    private static ProducerRecord<byte[], byte[]> watermark(int partition, Instant through) {
        return new ProducerRecord<>(
                Topics.MEMBER_EVENTS,
                partition,
                through.toEpochMilli(),
                null,
                Json.bytes(new MemberRecord.Watermark(through)),
                CloudEventHeaders.of(
                        "watermark:" + partition + ":" + through.toEpochMilli(),
                        SOURCE,
                        MemberRecord.TYPE_PREFIX + "watermark.v1",
                        through));
    }
}
