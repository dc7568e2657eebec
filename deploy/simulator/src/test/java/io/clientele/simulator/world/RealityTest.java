package io.clientele.simulator.world;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clientele.testkit.Datasets;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A simulated year of 4,000 members against UCI Online Retail, each figure within a tenth. Needs
 * the file: see {@link Datasets}.
 */
@Tag("datasets")
class RealityTest {
    private static final double TOLERANCE = 0.10;
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final double[] SHARES = {0.25, 0.5, 0.75, 0.9};
    private static final double[] DAY_SHARES = {0.1, 0.25, 0.5, 0.75, 0.9};

    private static PurchaseStatistics real;

    private record Invoice(String buyer, Instant at, BigDecimal amount) {
        Invoice plus(BigDecimal more) {
            return new Invoice(buyer, at, amount.add(more));
        }
    }

    @BeforeAll
    static void read() throws IOException {
        assumeTrue(
                Datasets.found().contains("online-retail"),
                "The real file is not there; CLIENTELE_DATASETS names its folder.");
        Map<String, Invoice> invoices = new HashMap<>();
        try (var reader =
                        new InputStreamReader(
                                new GZIPInputStream(
                                        Files.newInputStream(
                                                Datasets.file(
                                                        "online-retail", "online_retail.csv.gz"))),
                                StandardCharsets.UTF_8);
                var rows =
                        CSVFormat.DEFAULT
                                .builder()
                                .setHeader()
                                .setSkipHeaderRecord(true)
                                .get()
                                .parse(reader)) {
            for (var row : rows) {
                var number = row.get("InvoiceNo");
                if (!row.get("CustomerID").isEmpty() && !number.startsWith("C")) {
                    var amount =
                            new BigDecimal(row.get("Quantity"))
                                    .multiply(new BigDecimal(row.get("UnitPrice")));
                    var at =
                            LocalDateTime.parse(row.get("InvoiceDate"), SECOND)
                                    .toInstant(ZoneOffset.UTC);
                    invoices.merge(
                            number,
                            new Invoice(row.get("CustomerID"), at, amount),
                            (first, line) -> first.plus(line.amount()));
                }
            }
        }
        real = new PurchaseStatistics();
        invoices.values()
                .forEach(invoice ->
                        real.add(invoice.buyer(), invoice.at(), invoice.amount().doubleValue()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aYearIsLikeTheRealOne(long seed) {
        var simulated = new PurchaseStatistics();
        var world =
                new World(
                        seed,
                        4_000,
                        Instant.parse("2025-12-01T00:00:00Z"),
                        Instant.parse("2026-12-01T00:00:00Z"));
        world.forEachEvent(event -> {
            if (event.type().equals("purchase")) {
                var amount = (BigDecimal) requireNonNull(event.properties().get("amount"));
                simulated.add(event.member(), event.occurredAt(), amount.doubleValue());
            }
        });

        assertThat(real.buyers()).isEqualTo(4_339);
        near("top decile's share", simulated.topDecileShare(), real.topDecileShare(), simulated);
        near("repeat rate", simulated.repeatRate(), real.repeatRate(), simulated);
        for (double share : SHARES) {
            near("gap " + share, simulated.gapQuantile(share), real.gapQuantile(share), simulated);
        }
        for (double share : DAY_SHARES) {
            near(
                    "gap by day " + share,
                    simulated.dayGapQuantile(share),
                    real.dayGapQuantile(share),
                    simulated);
        }
        var profile = simulated.weekdayProfile();
        real.weekdayProfile()
                .forEach((day, part) ->
                        near(day.name(), profile.getOrDefault(day, 0.0), part, simulated));
    }

    private static void near(
            String figure, double simulated, double wanted, PurchaseStatistics all) {
        assertThat(simulated)
                .as("%s%nsimulated: %s%nreal:      %s", figure, all, real)
                .isCloseTo(wanted, within(TOLERANCE * wanted));
    }
}
