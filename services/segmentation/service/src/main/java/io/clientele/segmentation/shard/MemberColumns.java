package io.clientele.segmentation.shard;

import io.clientele.contracts.MemberRecord;
import io.clientele.engine.ProgramModel;
import io.clientele.engine.Shard;
import io.clientele.engine.Snapshot;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The members of one program in one partition as columns of the engine, for questions about all of
 * them at once. Holds what the store {@code histories} holds, from which it is made again when the
 * shard starts or the program declares something new. The shard's thread writes, any thread asks.
 */
final class MemberColumns {
    private final long modelVersion;
    private final Shard columns;
    private @Nullable Snapshot latest;

    /**
     * @param modelVersion the registry's version of the model
     */
    MemberColumns(ProgramModel model, long modelVersion) {
        this.modelVersion = modelVersion;
        this.columns = new Shard(model);
    }

    long modelVersion() {
        return modelVersion;
    }

    /**
     * Takes all that is known of a member, in place of what was.
     *
     * @param clock the shard's clock, in epoch milliseconds
     */
    synchronized void put(StoredHistory member, long clock) {
        change(clock);
        columns.countFrom(columns.put(member.history()), Instant.ofEpochMilli(member.born()));
    }

    /** Takes one more event of a member and, if they changed, its values. */
    synchronized void add(
            StoredHistory member,
            MemberRecord.@Nullable EventApplied event,
            boolean valuesChanged,
            long clock) {
        change(clock);
        int ordinal =
                valuesChanged
                        ? columns.putAttributes(member.history())
                        : columns.member(member.history().member());
        if (event != null) {
            columns.addEvent(ordinal, event.type(), event.occurredAt(), event.properties());
        }
        columns.countFrom(ordinal, Instant.ofEpochMilli(member.born()));
    }

    /** What is known now. */
    synchronized Snapshot snapshot(long clock) {
        var known = latest;
        if (known == null) {
            advance(clock);
            known = columns.snapshot();
            latest = known;
        }
        return known;
    }

    private void change(long clock) {
        latest = null;
        advance(clock);
    }

    private void advance(long clock) {
        var now = Instant.ofEpochMilli(clock);
        if (now.isAfter(columns.clock())) {
            columns.advanceTo(now);
        }
    }
}
