package io.clientele.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TestCommandTest {
    @Test
    void aBrowserIsNeededForThePageOnly() {
        assertThat(TestCommand.needsBrowser(List.of())).isTrue();
        assertThat(TestCommand.needsBrowser(List.of("-Dit.test=LivePageIT"))).isTrue();
        assertThat(TestCommand.needsBrowser(List.of("-pl", "gateway", "-am"))).isTrue();
        assertThat(TestCommand.needsBrowser(List.of("-pl", "services/profile", "-am"))).isFalse();
        assertThat(TestCommand.needsBrowser(List.of("--projects=services/profile"))).isFalse();
    }
}
