package io.clientele.segmentation.set;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.segment.SegmentService.ClassDraft;
import io.clientele.segmentation.set.SegmentSetBody.ClassBody;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SegmentSetServiceTest {
    private static final Map<String, Object> VIP = Map.of("attribute", "tier", "equals", "gold");
    private static final Map<String, Object> GOOD = Map.of("attribute", "tier", "equals", "silver");

    @Test
    void eachClassHasThoseBeforeItTakenOut() {
        var drafts =
                SegmentSetService.drafts(
                        new SegmentSetBody(
                                "Value",
                                null,
                                List.of(
                                        new ClassBody("vip", "VIP", VIP, Map.of("tone", "warm")),
                                        new ClassBody("good", null, GOOD, null)),
                                new ClassBody("rest", null, null, null)));

        assertThat(drafts)
                .containsExactly(
                        new ClassDraft(key("vip"), "VIP", VIP, Map.of("tone", "warm")),
                        new ClassDraft(
                                key("good"),
                                "good",
                                Map.of("all", List.of(GOOD, Map.of("not", VIP))),
                                Map.of()),
                        new ClassDraft(
                                key("rest"),
                                "rest",
                                Map.of("all", List.of(Map.of("not", VIP), Map.of("not", GOOD))),
                                Map.of()));
    }

    private static SegmentKey key(String key) {
        return new SegmentKey(key);
    }
}
