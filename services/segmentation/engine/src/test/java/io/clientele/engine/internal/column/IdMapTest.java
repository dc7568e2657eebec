package io.clientele.engine.internal.column;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Ids by number against a hash map. */
class IdMapTest {
    @Test
    void agreesWithAHashMap() {
        for (long seed : Seeds.of(60)) {
            Random random = new Random(seed);
            IdMap ids = new IdMap();
            Map<String, Integer> wanted = new HashMap<>();
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                String text = "m" + random.nextInt(800) + (random.nextInt(9) == 0 ? "ü\u4e2d" : "");
                assertThat(ids.find(text))
                        .as("seed %d", seed)
                        .isEqualTo(wanted.getOrDefault(text, -1));
                if (random.nextInt(3) == 0) {
                    ids.remove(text);
                    wanted.remove(text);
                    assertThat(ids.find(text)).as("seed %d", seed).isEqualTo(-1);
                } else if (!wanted.containsKey(text)) {
                    assertThat(ids.add(text)).as("seed %d", seed).isEqualTo(texts.size());
                    wanted.put(text, texts.size());
                    texts.add(text);
                }
            }
            assertThat(ids.count()).isEqualTo(texts.size());
            for (int i = 0; i < texts.size(); i++) {
                assertThat(ids.text(i)).isEqualTo(texts.get(i));
            }
            wanted.forEach((text, number) -> assertThat(ids.find(text)).isEqualTo(number));
        }
    }

    @Test
    void aViewKeepsItsTexts() {
        IdMap ids = new IdMap();
        ids.add("");
        ids.add("one");
        IdMap view = ids.view();
        for (int i = 0; i < 1_000; i++) {
            ids.add("another " + i);
        }
        ids.remove("one");
        assertThat(view.count()).isEqualTo(2);
        assertThat(view.text(0)).isEmpty();
        assertThat(view.text(1)).isEqualTo("one");
        assertThat(ids.text(1_001)).isEqualTo("another 999");
        assertThat(ids.retainedBytes()).isGreaterThan(1_000 * 10);
    }
}
