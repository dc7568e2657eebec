package io.clientele.segmentation.program;

import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.kafka.TopicCreator;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.Topics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The topics through which a program's changes leave. Thread-safe. */
@ApplicationScoped
public class ProgramTopics {
    private final TopicCreator creator;
    private final KafkaSettings settings;
    private final Set<ProgramId> made = ConcurrentHashMap.newKeySet();

    @Inject
    ProgramTopics(TopicCreator creator, KafkaSettings settings) {
        this.creator = creator;
        this.settings = settings;
    }

    /** Creates the program's topics if this process has not done so; a look-up after that. */
    public void ensure(ProgramId program) {
        if (!made.contains(program)) {
            creator.create(
                    List.of(
                            creator.log(Topics.segmentMembershipsOf(program)),
                            creator.compacted(
                                    Topics.memberSegmentsOf(program), settings.partitions())));
            made.add(program);
        }
    }
}
