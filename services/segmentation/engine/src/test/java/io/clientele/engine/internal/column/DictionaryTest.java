package io.clientele.engine.internal.column;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Codes of values. */
class DictionaryTest {
    @Test
    void givesCodesFromOneOnAndNeverAnother() {
        Dictionary<String> values = new Dictionary<>();
        assertThat(values.find("a")).isZero();
        assertThat(values.view()).isEmpty();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            assertThat(values.code("v" + i)).isEqualTo(i + 1);
            all.add("v" + i);
        }
        assertThat(values.code("v5")).isEqualTo(6);
        assertThat(values.find("v999")).isEqualTo(1_000);
        assertThat(values.value(1_000)).isEqualTo("v999");
        assertThat(values.size()).isEqualTo(1_000);
        List<String> view = values.view();
        values.code("more");
        assertThat(view).isEqualTo(all);
        assertThat(values.retainedBytes()).isPositive();
    }

    @Test
    void othersMayReadWhileValuesCome() {
        for (int round = 0; round < 20; round++) {
            Dictionary<Integer> values = new Dictionary<>();
            AtomicBoolean done = new AtomicBoolean();
            CompletableFuture<Integer> reader =
                    CompletableFuture.supplyAsync(() -> {
                        int most = 0;
                        while (!done.get()) {
                            List<Integer> view = values.view();
                            if (!view.isEmpty()) {
                                assertThat(view.getLast()).isEqualTo(view.size() - 1);
                            }
                            most = view.size();
                        }
                        return most;
                    });
            for (int i = 0; i < 20_000; i++) {
                values.code(i);
            }
            done.set(true);
            assertThat(reader.join()).isBetween(0, 20_000);
        }
    }
}
