package io.clientele.campaignresponse.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clientele.common.json.Json;
import io.clientele.common.problem.RequestException;
import io.clientele.contracts.SegmentKey;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CampaignBodiesTest {
    private static final String WHOLE =
            """
            {"name":"Welcome","segments":["new","vip"],"exclude":["staff"],
             "trigger":{"on":"entry","maxAge":"PT6H"},"existing":"include","reentry":"P90D",
             "channels":["email","push"],
             "messages":[{"segment":"vip","channel":"email","language":"th","subject":"Hi","body":"Hello"},
                         {"body":"Hello"}],
             "offer":"ten-percent","control":0.2,
             "goal":{"event":"purchase","where":{"any":[{"property":"channel","equals":"Store"},
                                                        {"not":{"property":"tax","in":[1,2]}}]},
                     "within":"P14D","value":"amount"},
             "cost":{"fixed":100,"perContact":{"email":0.01}}}
            """;

    private static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void readsAllThereIs() {
        var draft = CampaignBodies.read(json(WHOLE), "welcome");

        assertThat(draft.segments()).containsExactly(new SegmentKey("new"), new SegmentKey("vip"));
        assertThat(draft.trigger()).isEqualTo(new Trigger.OnEntry(Duration.ofHours(6)));
        assertThat(draft.reentry()).isEqualTo(new Reentry(Duration.ofDays(90)));
        assertThat(draft.includeExisting()).isTrue();
        assertThat(draft.control()).isEqualTo(0.2);
        assertThat(draft.messages()).hasSize(2);
        assertThat(draft.cost().perContact()).containsOnlyKeys("email");
        var goal = Objects.requireNonNull(draft.goal());
        assertThat(goal.matches("purchase", Map.of("channel", "STORE", "tax", 1))).isTrue();
        assertThat(goal.matches("purchase", Map.of("channel", "web", "tax", 1.0))).isFalse();
        assertThat(goal.matches("purchase", Map.of())).isTrue();
        assertThat(goal.matches("return", Map.of())).isFalse();
    }

    @Test
    void whatIsLeftOutHasDefaults() {
        var draft =
                CampaignBodies.read(
                        json(
                                "{\"segments\":[\"new\"],\"trigger\":{\"on\":\"entry\"},\"channels\""
                                    + ":[\"email\"],\"messages\":[{\"body\":\"Hello\"}]}"),
                        "welcome");

        assertThat(draft.trigger()).isEqualTo(new Trigger.OnEntry(Duration.ofDays(1)));
        assertThat(draft.name()).isEqualTo("welcome");
        assertThat(draft.includeExisting()).isFalse();
        assertThat(draft.reentry()).isEqualTo(Reentry.NEVER);
        assertThat(draft.control()).isZero();
        assertThat(draft.goal()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/segments        | []",
                "/segments/0      | [\"No Key\"]",
                "/trigger/every   | {\"every\":\"P1D\",\"zone\":\"UTC\"}",
                "/trigger/on      | {\"on\":\"exit\"}",
                "/trigger/maxAge  | {\"on\":\"entry\",\"maxAge\":\"P1M\"}",
                "/trigger/at      | {\"at\":\"tomorrow\"}",
                "/existing        | \"all\"",
                "/reentry         | \"P-1D\"",
                "/channels        | []",
                "/messages        | [{\"channel\":\"email\",\"body\":\"only by email\"}]",
                "/messages/0/body | [{\"subject\":\"no body\"}]",
                "/control         | 0.51",
                "/control         | \"0.2\"",
                "/goal/event      | {\"within\":\"P1D\"}",
                "/goal/where      | {\"event\":\"purchase\",\"where\":{\"property\":\"a\"}}",
                "/cost/fixed      | {\"fixed\":-1}",
                "/policy          | \"standard\"",
                "/colour          | 1",
            })
    void whatDoesNotFitIsNamed(String place, String value) throws JsonProcessingException {
        var body = (ObjectNode) json(WHOLE);
        body.set(place.split("/", -1)[1], json(value));

        var refused =
                catchThrowableOfType(
                        RequestException.class, () -> CampaignBodies.read(body, "welcome"));

        assertThat(refused.errors().stream().map(error -> error.pointer()).toList())
                .contains(place);
    }

    @Test
    void mostSpecificMessageIsChosen() {
        var all = new MessageDraft(null, null, null, null, "all");
        var thai = new MessageDraft(null, null, "th", null, "thai");
        var push = new MessageDraft(null, "push", null, null, "push");
        var vip = new MessageDraft(new SegmentKey("vip"), null, null, null, "vip");
        var messages = List.of(all, thai, push, vip);

        assertThat(MessageDraft.choose(messages, new SegmentKey("new"), "email", "en"))
                .contains(all);
        assertThat(MessageDraft.choose(messages, new SegmentKey("new"), "email", "th-TH"))
                .contains(thai);
        assertThat(MessageDraft.choose(messages, new SegmentKey("new"), "push", "th"))
                .contains(push);
        assertThat(MessageDraft.choose(messages, new SegmentKey("vip"), "push", "th"))
                .contains(vip);
    }
}
