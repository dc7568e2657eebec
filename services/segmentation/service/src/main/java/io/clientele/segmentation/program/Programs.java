package io.clientele.segmentation.program;

import io.clientele.common.problem.TransientException;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.engine.ProgramModel;
import io.clientele.engine.ValueType;
import io.clientele.segmentation.SegmentationError;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;

/** The programs as the registry has them now. Thread-safe. */
public interface Programs {
    /**
     * A program's model, without segments.
     *
     * @param model what conditions may speak of
     * @param version another number for another model of the program
     */
    record Known(ProgramModel model, long version) {}

    /** The program, or empty if the registry does not have it (yet). */
    Optional<Known> find(ProgramId program);

    /**
     * The program.
     *
     * @throws TransientException if the registry does not have it yet
     */
    default Known get(ProgramId program) {
        return find(program)
                .orElseThrow(() ->
                        new TransientException(
                                SegmentationError.PROGRAM_NOT_READY,
                                "The settings of program "
                                        + program
                                        + " have not arrived here yet.",
                                null));
    }

    /** Every program the registry has. */
    Set<ProgramId> all();

    /** Makes the model of one program from its registry records, in any order. */
    static ProgramModel modelOf(
            RegistryRecord.Program settings, Iterable<? extends RegistryRecord> records) {
        var builder =
                ProgramModel.builder(ZoneId.of(settings.timeZone()))
                        .weekStart(DayOfWeek.valueOf(settings.weekStart()));
        for (var record : records) {
            switch (record) {
                case RegistryRecord.Program ignored -> {}
                case RegistryRecord.Attribute attribute -> {
                    if (attribute.personal()) {
                        builder.personalAttribute(attribute.name());
                    } else {
                        builder.attribute(attribute.name(), ValueType.ofKey(attribute.type()));
                    }
                }
                case RegistryRecord.EventType type ->
                        builder.eventType(
                                type.type(), ProgramModel.EventType.ofSchema(type.schema()));
            }
        }
        return builder.build();
    }
}
