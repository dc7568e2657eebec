package io.clientele.segmentation.program;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.json.Json;
import io.clientele.contracts.ProgramId;
import io.clientele.engine.Condition;
import io.clientele.engine.Conditions;
import io.clientele.engine.InvalidConditionException;
import io.clientele.engine.ProgramModel;
import io.clientele.segmentation.DemoRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramsTest {
    private static final ProgramId DEMO = new ProgramId("demo");

    private final ProgramModel model =
            Programs.modelOf(DemoRegistry.settings(DEMO), DemoRegistry.records(DEMO))
                    .withSegments(Map.of("vip", new Condition.All(List.of())));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'entered':{'segment':'vip'}} | /entered: entered needs the recorded changes of"
                        + " segments, which are not kept here",
                "{'left':{'segment':'vip'}} | /left: left needs the recorded changes of segments",
                "{'score':'rfm.group','equals':'x'} | /score: unknown score \"rfm.group\"; the"
                        + " program has no scores"
            })
    void refusesConditionsOnWhatTheServiceDoesNotKeep(String text, String problem)
            throws JsonProcessingException {
        JsonNode condition = Json.mapper().readTree(text.replace('\'', '"'));
        assertThatThrownBy(() -> Conditions.read(condition, model))
                .isInstanceOf(InvalidConditionException.class)
                .hasMessageContaining(problem);
    }
}
