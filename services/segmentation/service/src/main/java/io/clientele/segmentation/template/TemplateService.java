package io.clientele.segmentation.template;

import com.fasterxml.jackson.core.type.TypeReference;
import io.clientele.common.json.Json;
import io.clientele.common.problem.FieldError;
import io.clientele.contracts.ProgramId;
import io.clientele.engine.Conditions;
import io.clientele.engine.InvalidConditionException;
import io.clientele.engine.ProgramModel;
import io.clientele.segmentation.program.Programs;
import io.clientele.segmentation.segment.SegmentConditionProblems;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Says which templates there are and whether a program has what they speak of. Thread-safe. */
@ApplicationScoped
class TemplateService {
    private static final String RESOURCE = "segment-templates.json";

    private final List<SegmentTemplate> templates = read();
    private final Programs programs;

    @Inject
    TemplateService(Programs programs) {
        this.programs = programs;
    }

    /**
     * A template as a program sees it.
     *
     * @param ready whether {@code PUT /v1/segments/{key}} would take it as it is
     * @param errors what is in the way, with its place in the template
     */
    record Offered(SegmentTemplate template, boolean ready, List<FieldError> errors) {}

    /** All templates, in the order of their models. */
    List<Offered> offered(ProgramId program) {
        var model = programs.get(program).model();
        return templates.stream().map(template -> offer(template, model)).toList();
    }

    private static Offered offer(SegmentTemplate template, ProgramModel model) {
        try {
            Conditions.read(Json.mapper().valueToTree(template.condition()), model);
            return new Offered(template, true, List.of());
        } catch (InvalidConditionException e) {
            var errors = SegmentConditionProblems.of(e, "/condition").errors();
            return new Offered(template, false, errors);
        }
    }

    static List<SegmentTemplate> read() {
        try (var resource = TemplateService.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException(RESOURCE + " is missing");
            }
            return List.copyOf(Json.mapper().readValue(resource, new TypeReference<>() {}));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
