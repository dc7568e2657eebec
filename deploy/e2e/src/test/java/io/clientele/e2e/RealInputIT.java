package io.clientele.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clientele.e2e.PurchaseHistory.Customer;
import io.clientele.testkit.Datasets;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Loads all of CDNOW (into program {@code other}, in USD) and UCI Online Retail (into {@code demo},
 * in GBP) through the import API, each twice, and compares totals and previews with counts made
 * from the files by {@link PurchaseHistory}. Needs the files: see {@link Datasets}.
 */
@Tag("datasets")
class RealInputIT {
    private static final Duration IMPORT_LIMIT = Duration.ofMinutes(5);
    private static final Duration CATCH_UP = Duration.ofMinutes(2);
    private static final Instant EVER = Instant.EPOCH;
    private static final ZoneId CDNOW_ZONE = ZoneId.of("UTC");
    private static final Instant CDNOW_AT = Instant.parse("1998-07-01T00:00:00Z");
    private static final ZoneId RETAIL_ZONE = ZoneId.of("Europe/London");
    private static final Instant RETAIL_AT = Instant.parse("2011-12-10T00:00:00Z");

    /** A condition and its count in plain Java. */
    private record Case(String name, String condition, Predicate<Customer> test) {}

    private static PurchaseHistory cdnow;
    private static PurchaseHistory retail;
    private static RunningPlatform platform;
    private static PlatformClient usd;
    private static PlatformClient gbp;
    private static JsonNode cdnowFirst;
    private static JsonNode retailFirst;

    @BeforeAll
    static void load() throws IOException {
        assumeTrue(
                Datasets.found().containsAll(List.of("cdnow", "online-retail")),
                "The real files are not there; CLIENTELE_DATASETS names their folder.");
        cdnow = PurchaseHistory.cdnow(cdnowFile(), CDNOW_ZONE);
        retail = PurchaseHistory.onlineRetail(retailFile(), RETAIL_ZONE);
        platform = Platforms.ephemeral("real-input", Map.of());
        usd = platform.client("other", "admin");
        gbp = platform.client("demo", "admin");
        program(usd, "USD", CDNOW_ZONE);
        program(gbp, "GBP", RETAIL_ZONE);
        cdnowFirst = importFile(usd, "cdnow", cdnowFile());
        retailFirst = importFile(gbp, "online-retail", retailFile());
        // An import is completed when profile has it all; segmentation follows.
        await().atMost(CATCH_UP)
                .untilAsserted(() -> {
                    assertCountsOf(usd, "purchase", cdnow, CDNOW_AT);
                    assertCountsOf(gbp, "purchase", retail, RETAIL_AT);
                    assertCountsOf(gbp, "return", retail, RETAIL_AT);
                });
    }

    @AfterAll
    static void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void filesAreThoseWeKnow() {
        assertThat(cdnow.orders()).isEqualTo(69_659);
        assertThat(cdnow.members()).isEqualTo(23_570);
        assertThat(retail.purchases()).isEqualTo(18_536);
        assertThat(retail.returns()).isEqualTo(3_654);
        assertThat(retail.members()).isEqualTo(4_372);
    }

    @Test
    void takesInAllOfCdnow() {
        assertThat(cdnowFirst.path("counts").path("accepted").asLong()).isEqualTo(69_659);
        assertThat(cdnowFirst.path("counts").path("rejected").asLong()).isZero();
        assertThat(usd.count("{\"all\":[]}")).isEqualTo(23_570);
        assertCountsOf(usd, "purchase", cdnow, CDNOW_AT);
    }

    @Test
    void takesInAllOfOnlineRetailButGuests() {
        assertThat(gbp.count("{\"all\":[]}")).isEqualTo(4_372);
        assertThat(retailFirst.path("counts").path("accepted").asLong()).isEqualTo(18_536 + 3_654);
        assertThat(retailFirst.path("counts").path("rejected").asLong())
                .isEqualTo(25_900 - 18_536 - 3_654);
        assertCountsOf(gbp, "purchase", retail, RETAIL_AT);
        assertCountsOf(gbp, "return", retail, RETAIL_AT);
    }

    @TestFactory
    Stream<DynamicTest> previewsOfCdnowAsOf1998() {
        return cdnowCases().stream().map(it -> test(usd, cdnow, it, CDNOW_AT));
    }

    @TestFactory
    Stream<DynamicTest> previewsOfOnlineRetailAsOf2011() {
        return retailCases().stream().map(it -> test(gbp, retail, it, RETAIL_AT));
    }

    @Test
    void secondRunChangesNothing() {
        var before = figures();

        var cdnowAgain = importFile(usd, "cdnow", cdnowFile());
        var retailAgain = importFile(gbp, "online-retail", retailFile());

        assertThat(cdnowAgain.path("counts").path("duplicate").asLong()).isEqualTo(69_659);
        assertThat(retailAgain.path("counts").path("duplicate").asLong()).isEqualTo(22_190);
        assertThat(figures()).isEqualTo(before);
    }

    private static List<Long> figures() {
        var figures = new ArrayList<Long>();
        cdnowCases().forEach(it -> figures.add(usd.countAt(it.condition(), CDNOW_AT.toString())));
        retailCases().forEach(it -> figures.add(gbp.countAt(it.condition(), RETAIL_AT.toString())));
        return figures;
    }

    private static DynamicTest test(
            PlatformClient client, PurchaseHistory history, Case one, Instant at) {
        return DynamicTest.dynamicTest(
                one.name(),
                () -> {
                    long expected = history.count(one.test());
                    // A condition that nobody or everybody satisfies would prove little.
                    assertThat(expected).isBetween(1L, history.members() - 1L);
                    assertThat(client.countAt(one.condition(), at.toString()))
                            .as(one.condition())
                            .isEqualTo(expected);
                });
    }

    private static List<Case> cdnowCases() {
        var at = CDNOW_AT;
        return List.of(
                new Case(
                        "bought in the last 30 days",
                        "{\"event\":\"purchase\",\"within\":{\"last\":\"P30D\"}}",
                        it -> !it.purchases(ago(at, 30), at).isEmpty()),
                new Case(
                        "three purchases in the last 90 days",
                        "{\"event\":\"purchase\",\"within\":{\"last\":\"P90D\"},\"atLeast\":3}",
                        it -> it.purchases(ago(at, 90), at).size() >= 3),
                new Case(
                        "spent 100 or more in the last 180 days",
                        "{\"event\":\"purchase\",\"within\":{\"last\":\"P180D\"},\"measure\":{\"sum\":\"amount\"},\"atLeast\":100}",
                        it -> atLeast(it.bought(ago(at, 180), at), "100")),
                new Case(
                        "bought 180 to 90 days ago but not since",
                        "{\"all\":[{\"event\":\"purchase\",\"within\":{\"from\":{\"ago\":\"P180D\"},\"to\":{\"ago\":\"P90D\"}}},{\"not\":{\"event\":\"purchase\",\"within\":{\"last\":\"P90D\"}}}]}",
                        it ->
                                !it.purchases(ago(at, 180), ago(at, 90)).isEmpty()
                                        && it.purchases(ago(at, 90), at).isEmpty()),
                new Case(
                        "average purchase above 50 over five or more",
                        "{\"all\":[{\"event\":\"purchase\",\"atLeast\":5},{\"event\":\"purchase\",\"measure\":{\"average\":\"amount\"},\"greaterThan\":50}]}",
                        it -> {
                            var all = it.purchases(EVER, at);
                            return all.size() >= 5
                                    && it.bought(EVER, at)
                                                    .compareTo(
                                                            new BigDecimal("50")
                                                                    .multiply(
                                                                            BigDecimal.valueOf(
                                                                                    all.size())))
                                            > 0;
                        }),
                new Case(
                        "spent 50 or more in the first quarter of 1997",
                        "{\"event\":\"purchase\",\"within\":{\"from\":\"1997-01-01T00:00:00Z\",\"to\":\"1997-04-01T00:00:00Z\"},\"measure\":{\"sum\":\"amount\"},\"atLeast\":50}",
                        it ->
                                atLeast(
                                        it.bought(
                                                before("1997-01-01T00:00:00Z"),
                                                before("1997-04-01T00:00:00Z")),
                                        "50")),
                new Case(
                        "bought in the previous quarter",
                        "{\"event\":\"purchase\",\"within\":{\"previous\":\"quarter\"}}",
                        it ->
                                !it.purchases(
                                                before("1998-04-01T00:00:00Z"),
                                                before("1998-07-01T00:00:00Z"))
                                        .isEmpty()),
                new Case(
                        "largest purchase of the last year is 100 or more",
                        "{\"event\":\"purchase\",\"within\":{\"last\":\"P365D\"},\"measure\":{\"max\":\"amount\"},\"atLeast\":100}",
                        it ->
                                it.purchases(ago(at, 365), at).stream()
                                        .anyMatch(order -> atLeast(order.amount(), "100"))),
                new Case(
                        "two of: recent, frequent, generous",
                        "{\"atLeast\":2,\"of\":[{\"event\":\"purchase\",\"within\":{\"last\":\"P60D\"}},{\"event\":\"purchase\",\"atLeast\":6},{\"event\":\"purchase\",\"measure\":{\"sum\":\"amount\"},\"atLeast\":250}]}",
                        it ->
                                Stream.of(
                                                        !it.purchases(ago(at, 60), at).isEmpty(),
                                                        it.purchases(EVER, at).size() >= 6,
                                                        atLeast(it.bought(EVER, at), "250"))
                                                .filter(holds -> holds)
                                                .count()
                                        >= 2),
                new Case(
                        "exactly one purchase ever, and none this year",
                        "{\"all\":[{\"event\":\"purchase\",\"equals\":1},{\"not\":{\"event\":\"purchase\",\"within\":{\"current\":\"year\"}}}]}",
                        it ->
                                it.purchases(EVER, at).size() == 1
                                        && it.purchases(before("1998-01-01T00:00:00Z"), at)
                                                .isEmpty()));
    }

    private static List<Case> retailCases() {
        var at = RETAIL_AT;
        return List.of(
                new Case(
                        "bought one of two articles in the last 90 days",
                        "{\"event\":\"purchase.item\",\"where\":{\"property\":\"sku\",\"in\":[\"85123A\",\"22423\"]},\"within\":{\"last\":\"P90D\"}}",
                        it ->
                                it.items(ago(at, 90), at).stream()
                                        .anyMatch(item ->
                                                item.sku().equals("85123A")
                                                        || item.sku().equals("22423"))),
                new Case(
                        "spent 1,000 or more in the last 180 days, returns taken off",
                        "{\"event\":\"spend\",\"within\":{\"last\":\"P180D\"},\"measure\":{\"sum\":\"amount\"},\"atLeast\":1000}",
                        it -> atLeast(it.spent(ago(at, 180), at), "1000")),
                new Case(
                        "fifty different articles in the last 180 days",
                        "{\"event\":\"purchase.item\",\"within\":{\"last\":\"P180D\"},\"measure\":{\"distinct\":\"sku\"},\"atLeast\":50}",
                        it -> distinctArticles(it, ago(at, 180), at) >= 50),
                new Case(
                        "a tenth of the last year's spending on two articles",
                        "{\"event\":\"purchase.item\",\"within\":{\"last\":\"P365D\"},\"measure\":{\"share\":{\"of\":\"amount\",\"where\":{\"property\":\"sku\",\"in\":[\"POST\",\"22423\"]}}},\"atLeast\":0.1}",
                        it -> {
                            var items = it.items(ago(at, 365), at);
                            var all = total(items);
                            var part =
                                    total(
                                            items.stream()
                                                    .filter(item ->
                                                            item.sku().equals("POST")
                                                                    || item.sku().equals("22423"))
                                                    .toList());
                            return all.signum() > 0
                                    && part.multiply(BigDecimal.TEN).compareTo(all) >= 0;
                        }),
                new Case(
                        "gave something back in the last 30 days",
                        "{\"event\":\"return\",\"within\":{\"last\":\"P30D\"}}",
                        it -> !it.returns(ago(at, 30), at).isEmpty()),
                new Case(
                        "bought for 500 or more in the month before, London time",
                        "{\"event\":\"purchase\",\"within\":{\"previous\":\"month\"},\"measure\":{\"sum\":\"amount\"},\"atLeast\":500}",
                        it ->
                                atLeast(
                                        it.bought(
                                                before("2011-11-01T00:00:00Z"),
                                                before("2011-12-01T00:00:00Z")),
                                        "500")),
                new Case(
                        "spent 1,000 or more ever, nothing bought for 90 days",
                        "{\"all\":[{\"event\":\"spend\",\"measure\":{\"sum\":\"amount\"},\"atLeast\":1000},{\"not\":{\"event\":\"purchase\",\"within\":{\"last\":\"P90D\"}}}]}",
                        it ->
                                atLeast(it.spent(EVER, at), "1000")
                                        && it.purchases(ago(at, 90), at).isEmpty()),
                new Case(
                        "from Germany or France, and bought in the last 60 days",
                        "{\"all\":[{\"attribute\":\"country\",\"in\":[\"DE\",\"FR\"]},{\"event\":\"purchase\",\"within\":{\"last\":\"P60D\"}}]}",
                        it ->
                                isFrom(it, at, "Germany", "France")
                                        && !it.purchases(ago(at, 60), at).isEmpty()),
                new Case(
                        "from Ireland, Belgium or South Africa",
                        "{\"attribute\":\"country\",\"in\":[\"IE\",\"BE\",\"ZA\"]}",
                        it -> isFrom(it, at, "EIRE", "Belgium", "RSA")),
                new Case(
                        "average purchase above 400 over the last 270 days",
                        "{\"event\":\"purchase\",\"within\":{\"last\":\"P270D\"},\"measure\":{\"average\":\"amount\"},\"greaterThan\":400}",
                        it -> {
                            var orders = it.purchases(ago(at, 270), at);
                            return !orders.isEmpty()
                                    && it.bought(ago(at, 270), at)
                                                    .compareTo(
                                                            new BigDecimal("400")
                                                                    .multiply(
                                                                            BigDecimal.valueOf(
                                                                                    orders.size())))
                                            > 0;
                        }),
                new Case(
                        "any of: five purchases this quarter, 10,000 spent ever",
                        "{\"any\":[{\"event\":\"purchase\",\"within\":{\"current\":\"quarter\"},\"atLeast\":5},{\"event\":\"spend\",\"measure\":{\"sum\":\"amount\"},\"atLeast\":10000}]}",
                        // The quarter begins in London's summer time.
                        it ->
                                it.purchases(before("2011-09-30T23:00:00Z"), at).size() >= 5
                                        || atLeast(it.spent(EVER, at), "10000")),
                new Case(
                        "gave back more than nothing of an article bought in spring",
                        "{\"all\":[{\"event\":\"purchase\",\"within\":{\"from\":\"2011-03-01T00:00:00Z\",\"to\":\"2011-06-01T00:00:00+01:00\"}},{\"event\":\"return.item\",\"measure\":{\"sum\":\"amount\"},\"atLeast\":100}]}",
                        it ->
                                !it.purchases(
                                                        before("2011-03-01T00:00:00Z"),
                                                        before("2011-05-31T23:00:00Z"))
                                                .isEmpty()
                                        && atLeast(
                                                total(
                                                        it.returns(EVER, at).stream()
                                                                .flatMap(order ->
                                                                        order.items().stream())
                                                                .toList()),
                                                "100")));
    }

    /** Where the latest order that names a country says. */
    private static boolean isFrom(Customer customer, Instant at, String... countries) {
        var latest =
                customer.orders().stream()
                        .filter(it -> !it.at().isAfter(at))
                        .filter(it -> !it.country().isEmpty())
                        .reduce((one, next) -> next.at().isBefore(one.at()) ? one : next);
        return latest.isPresent() && List.of(countries).contains(latest.get().country());
    }

    private static long distinctArticles(Customer customer, Instant from, Instant to) {
        return customer.items(from, to).stream()
                .map(PurchaseHistory.Item::sku)
                // Text is compared without case.
                .map(it -> it.toLowerCase(java.util.Locale.ROOT))
                .collect(Collectors.toSet())
                .size();
    }

    private static BigDecimal total(List<PurchaseHistory.Item> items) {
        return items.stream()
                .map(PurchaseHistory.Item::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static boolean atLeast(BigDecimal value, String bound) {
        return value.compareTo(new BigDecimal(bound)) >= 0;
    }

    private static Instant ago(Instant at, int days) {
        return at.minus(Duration.ofDays(days));
    }

    /** For windows that contain their first instant: the files know no finer time than minutes. */
    private static Instant before(String instant) {
        return Instant.parse(instant).minusMillis(1);
    }

    /** Members with at least 1, 2, 5 … events of a type are as many as in the file. */
    private static void assertCountsOf(
            PlatformClient client, String type, PurchaseHistory history, Instant at) {
        boolean returns = type.equals("return");
        for (int atLeast : new int[] {1, 2, 3, 5, 10, 50, 100, 200, 500}) {
            assertThat(client.count("{\"event\":\"" + type + "\",\"atLeast\":" + atLeast + "}"))
                    .as("members with at least %d of %s", atLeast, type)
                    .isEqualTo(
                            history.count(it ->
                                    (returns ? it.returns(EVER, at) : it.purchases(EVER, at)).size()
                                            >= atLeast));
        }
    }

    private static void program(PlatformClient client, String currency, ZoneId zone) {
        var settings = (ObjectNode) client.get("/v1/program").require(200).json();
        settings.put("currency", currency).put("timeZone", zone.getId());
        client.put("/v1/program", settings.toString()).require(200);
    }

    private static JsonNode importFile(PlatformClient client, String mapping, Path file) {
        try {
            var rules =
                    Files.readString(
                            Platforms.root().resolve("deploy/mappings/" + mapping + ".json"),
                            StandardCharsets.UTF_8);
            var job =
                    client.post(
                                    "/v1/imports",
                                    "{\"source\":\"" + mapping + "\",\"mapping\":" + rules + "}")
                            .require(200, 201, 202)
                            .json();
            var path = "/v1/imports/" + job.path("id").asText();
            client.send(
                            "PUT",
                            path + "/content",
                            "text/csv",
                            BodyPublishers.ofInputStream(() -> open(file)))
                    .require(200, 202, 204);
            return await().atMost(IMPORT_LIMIT)
                    .pollInterval(Duration.ofMillis(500))
                    .until(
                            () -> client.get(path).require(200).json(),
                            it ->
                                    !List.of("created", "running", "applying")
                                            .contains(it.path("state").asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path cdnowFile() {
        return Datasets.file("cdnow", "cdnow_master.csv.gz");
    }

    private static Path retailFile() {
        return Datasets.file("online-retail", "online_retail.csv.gz");
    }

    private static InputStream open(Path file) {
        try {
            return new GZIPInputStream(Files.newInputStream(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
