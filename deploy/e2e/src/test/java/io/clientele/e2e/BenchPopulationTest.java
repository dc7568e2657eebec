package io.clientele.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BenchPopulationTest {
    private static final Instant AT = Instant.parse("2026-11-01T10:00:00Z");

    @Test
    void tellsWhatItsPurchasesAddUpTo() {
        var population = new BenchPopulation(10);
        var purchases = new HashMap<String, Integer>();
        var web = new HashMap<String, Integer>();
        var cents = new HashMap<String, Long>();

        var lines = new String(population.purchases(100, AT), StandardCharsets.UTF_8).split("\n");

        for (int i = 0; i < lines.length; i++) {
            var event = PlatformJson.tree(lines[i]);
            var member = event.path("member").asText();
            var properties = event.path("properties");
            long items = 0;
            for (var item : properties.path("items")) {
                items += item.path("amount").decimalValue().movePointRight(2).longValueExact();
            }
            assertThat(event.path("id").asText()).isEqualTo("p-" + i);
            assertThat(properties.path("amount").decimalValue().movePointRight(2).longValueExact())
                    .isEqualTo(items);
            purchases.merge(member, 1, Integer::sum);
            cents.merge(member, items, Long::sum);
            web.merge(
                    member,
                    properties.path("channel").asText().equals("web") ? 1 : 0,
                    Integer::sum);
        }
        assertThat(lines).hasSize(100);
        assertThat(population.purchases()).isEqualTo(100);
        assertThat(population.withPurchases(8))
                .isEqualTo(purchases.values().stream().filter(it -> it >= 8).count());
        assertThat(population.withWebPurchases(4))
                .isEqualTo(web.values().stream().filter(it -> it >= 4).count());
        assertThat(population.whoSpentCents(60_000))
                .isEqualTo(cents.values().stream().filter(it -> it >= 60_000).count());
    }

    @Test
    void enrollsEachMemberTheSameWayEveryTime() {
        var first = new BenchPopulation(1000);
        var second = new BenchPopulation(1000);

        var lines = IntStream.range(0, 1000).mapToObj(it -> first.enrollment(it, AT)).toList();

        assertThat(IntStream.range(0, 1000).mapToObj(it -> second.enrollment(it, AT)).toList())
                .isEqualTo(lines);
        assertThat(lines.stream().filter(it -> it.contains("\"country\":\"TH\"")).count())
                .isBetween(50L, 150L);
        assertThat(lines).allMatch(it -> PlatformJson.tree(it).path("properties").isObject());
    }

    @Test
    void segmentsAreTwentyHalfWindowedAQuarterFiltered() throws IOException {
        var file = Platforms.root().resolve("deploy/e2e/segments-20.json");

        List<JsonNode> segments =
                PlatformJson.tree(Files.readString(file)).path("segments").valueStream().toList();

        assertThat(segments).hasSize(20);
        assertThat(segments.stream().map(it -> it.path("key").asText()).distinct()).hasSize(20);
        assertThat(segments).filteredOn(it -> it.toString().contains("\"within\"")).hasSize(10);
        assertThat(segments).filteredOn(it -> it.toString().contains("\"where\"")).hasSize(5);
    }
}
