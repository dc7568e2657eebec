package io.clientele.simulator.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.simulator.FakePlatform;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventSenderTest {
    @Test
    void sendsEverythingAndEachMembersEventsInOrder() throws Exception {
        try (var platform = new FakePlatform()) {
            try (var sender = new EventSender(platform.client(), 4, 0)) {
                for (int i = 0; i < 5_000; i++) {
                    sender.add("m-" + i % 7, line("m-" + i % 7, i));
                }
            }

            assertThat(platform.events()).hasSize(5_000);
            for (int member = 0; member < 7; member++) {
                var id = "m-" + member;
                assertThat(
                                platform.events().stream()
                                        .filter(event -> event.path("member").asText().equals(id))
                                        .map(event -> event.path("n").asInt()))
                        .isSorted();
            }
        }
    }

    @Test
    void asksAgainWhileThePlatformIsAway() throws Exception {
        try (var platform = new FakePlatform()) {
            platform.refuseNext(503, 429);
            EventSender sender = new EventSender(platform.client(), 1, 0);
            try (sender) {
                sender.add("m-1", line("m-1", 1));
            }

            assertThat(sender.accepted()).isEqualTo(1);
            assertThat(platform.events()).hasSize(1);
        }
    }

    @Test
    void saysWhatThePlatformAnsweredWhenItRefuses() throws Exception {
        try (var platform = new FakePlatform()) {
            platform.refuseNext(403);
            var sender = new EventSender(platform.client(), 1, 0);
            sender.add("m-1", line("m-1", 1));

            assertThatThrownBy(sender::close)
                    .isInstanceOf(PlatformException.class)
                    .hasMessageStartingWith("POST /v1/events answered 403");
        }
    }

    @Test
    void keepsTheRate() throws Exception {
        try (var platform = new FakePlatform()) {
            long begun = System.nanoTime();
            try (var sender = new EventSender(platform.client(), 2, 500)) {
                for (int i = 0; i < 151; i++) {
                    sender.add("m-1", line("m-1", i));
                }
            }

            assertThat((System.nanoTime() - begun) / 1e9).isGreaterThanOrEqualTo(0.3);
        }
    }

    private static byte[] line(String member, int number) {
        return String.join("", List.of("{\"member\":\"", member, "\",\"n\":" + number + "}"))
                .getBytes(StandardCharsets.UTF_8);
    }
}
