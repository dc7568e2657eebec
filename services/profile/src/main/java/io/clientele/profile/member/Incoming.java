package io.clientele.profile.member;

import io.clientele.contracts.EventReference;
import io.clientele.contracts.EventTypes;
import io.clientele.contracts.Identity;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.profile.identity.Resolution;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A record of a batch on its way through apply. Not thread-safe; lives as long as the batch. */
final class Incoming {
    private final ConsumerRecord<byte[], byte[]> record;
    private final Position position;
    private final @Nullable ReceivedEvent event;
    private final Resolution resolution;
    private final @Nullable ExpectedRevision expected;
    private @Nullable StoredEvent stored;
    private @Nullable Map<String, Object> forwarded;
    private @Nullable Refusal refusal;
    private boolean present;
    private boolean duplicate;

    Incoming(
            ConsumerRecord<byte[], byte[]> record,
            Position position,
            @Nullable ReceivedEvent event,
            Resolution resolution,
            @Nullable ExpectedRevision expected) {
        this.record = record;
        this.position = position;
        this.event = event;
        this.resolution = resolution;
        this.expected = expected;
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    Position position() {
        return position;
    }

    /** The event, or null if it could not be read. */
    @Nullable ReceivedEvent event() {
        return event;
    }

    Resolution resolution() {
        return resolution;
    }

    /** The revision that an edit through the API was made on. */
    @Nullable ExpectedRevision expected() {
        return expected;
    }

    /** The identity that this event links to its member. */
    @Nullable Identity linkedIdentity() {
        return event == null || resolution == Resolution.NAMED_IDENTITY_TAKEN
                ? null
                : event.identity();
    }

    /** The event this one takes back: the one it names, or replaces. */
    @Nullable EventReference target() {
        if (event == null) {
            return null;
        }
        if (event.type().equals(EventTypes.EVENT_RETRACTED)) {
            return event.properties().get("source") instanceof String source
                            && event.properties().get("id") instanceof String id
                    ? new EventReference(source, id)
                    : null;
        }
        return event.replaces();
    }

    /** What is, or will be, in the store; null if refused. */
    @Nullable StoredEvent stored() {
        return stored;
    }

    /** The properties to pass on, if they are at hand. */
    @Nullable Map<String, Object> forwarded() {
        return forwarded;
    }

    @Nullable Refusal refusal() {
        return refusal;
    }

    boolean isDuplicate() {
        return duplicate;
    }

    /** True if the store had this very record before the batch. */
    boolean isPresent() {
        return present;
    }

    /** True if it has to be applied or passed on. */
    boolean isAccepted() {
        return refusal == null && !duplicate && stored != null;
    }

    void prepare(StoredEvent event, Map<String, Object> properties) {
        this.stored = event;
        this.forwarded = properties;
    }

    void refuse(@Nullable Refusal why) {
        this.refusal = why;
    }

    /** Found in the store, as this very record left it. */
    void found(StoredEvent event) {
        this.stored = event;
        this.forwarded = null;
        this.refusal = null;
        this.present = true;
    }

    /** Found in the store, brought by another record, of the same content. */
    void repeats() {
        this.refusal = null;
        this.duplicate = true;
    }
}
