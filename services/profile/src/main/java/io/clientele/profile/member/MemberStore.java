package io.clientele.profile.member;

import io.clientele.common.kafka.TransactionalLoop;
import io.clientele.profile.identity.IdentityHash;
import io.clientele.profile.registry.Registry;
import io.clientele.profile.watermark.Watermarks;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;

/** Sets up members: their indexes, and the step that writes them. */
@ApplicationScoped
public class MemberStore {
    private final Registry registry;
    private final IdentityHash hash;
    private final EventRepository events;
    private final MemberRepository members;
    private final Outcomes outcomes;
    private final ImportCounts imports;
    private final ApplyMetrics metrics;
    private final Clock clock;

    @Inject
    MemberStore(
            Registry registry,
            IdentityHash hash,
            EventRepository events,
            MemberRepository members,
            Outcomes outcomes,
            ImportCounts imports,
            ApplyMetrics metrics,
            Clock clock) {
        this.registry = registry;
        this.hash = hash;
        this.events = events;
        this.members = members;
        this.outcomes = outcomes;
        this.imports = imports;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Creates the indexes; does nothing where they exist. */
    public void prepare() {
        events.prepare();
        members.prepare();
        imports.prepare();
    }

    /**
     * The only writer of members.
     *
     * @param topicId Kafka's id of the topic that is read
     * @param watermarks what to write behind each batch
     */
    public TransactionalLoop.Step apply(String topicId, Watermarks watermarks) {
        return new ApplyWithWatermarks(
                new ApplyStep(
                        topicId, registry, hash, events, members, outcomes, imports, metrics,
                        clock),
                watermarks);
    }
}
