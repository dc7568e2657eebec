package io.clientele.segmentation.preview;

import io.clientele.contracts.ProgramId;
import io.clientele.engine.ProgramModel;
import io.clientele.segmentation.program.Programs;
import io.clientele.segmentation.shard.ProgramPlan;
import io.clientele.segmentation.shard.ShardReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;

/** What conditions may speak of now, the segments as the shards have them included. Thread-safe. */
@ApplicationScoped
public class PresentModels {
    private final Programs programs;
    private final ShardReader shards;

    @Inject
    PresentModels(Programs programs, ShardReader shards) {
        this.programs = programs;
        this.shards = shards;
    }

    /**
     * The model of a program.
     *
     * @throws io.clientele.common.problem.TransientException if its settings have not arrived yet
     */
    public ProgramModel of(ProgramId program) {
        return programs.get(program)
                .model()
                .withSegments(
                        shards.plan(program)
                                .map(ProgramPlan::model)
                                .map(ProgramModel::segments)
                                .orElse(Map.of()));
    }
}
