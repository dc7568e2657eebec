package io.clientele.ingestion.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.json.Json;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.contracts.RegistryRecord;
import io.clientele.embedded.ProjectRoot;
import io.clientele.ingestion.attribute.AttributeValues;
import io.clientele.ingestion.event.EventValidator;
import io.clientele.ingestion.event.Verdict;
import io.clientele.ingestion.eventtype.PropertyChecks;
import io.clientele.ingestion.registry.BuiltIns;
import io.clientele.ingestion.registry.Registry;
import io.clientele.testkit.Datasets;
import io.clientele.testkit.MutableClock;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mappings of the known files against what is known of the files. */
@Tag("dataset")
class DatasetTest {
    private static final ProgramId PROGRAM = new ProgramId("demo");

    @TempDir private @Nullable Path folder;

    private final Registry registry = new Registry();
    private final EventValidator validator =
            new EventValidator(
                    registry,
                    new PropertyChecks(),
                    new AttributeValues(registry),
                    MutableClock.at("2026-11-21T00:00:00Z"));
    private final Set<String> ids = new HashSet<>();
    private final Set<String> members = new HashSet<>();
    private final Map<String, Integer> types = new TreeMap<>();
    private final Map<String, BigDecimal> amounts = new TreeMap<>();
    private final Map<String, Integer> reasons = new TreeMap<>();
    private final Map<String, ReceivedEvent> events = new HashMap<>();
    private long rejectedRows;
    private long items;

    @Test
    void mapsAllOfCdnow() throws IOException {
        load("cdnow", "cdnow_master.csv.gz", "USD");

        assertThat(types).containsExactly(Map.entry("purchase", 69_659));
        assertThat(ids).hasSize(69_659);
        assertThat(ids.stream().filter(it -> !it.endsWith("-1"))).hasSize(255);
        assertThat(members).hasSize(23_570);
        assertThat(reasons).isEmpty();
        assertThat(amounts.get("purchase")).isEqualByComparingTo("2500315.63");
    }

    @Test
    void mapsAllOfOnlineRetailButGuests() throws IOException {
        load("online-retail", "online_retail.csv.gz", "GBP");

        assertThat(types)
                .containsEntry("purchase", 18_536)
                .containsEntry("return", 3_654)
                .containsOnlyKeys("purchase", "return", "profile.updated");
        assertThat(items).isEqualTo(406_829);
        assertThat(members).hasSize(4_372);
        assertThat(amounts.get("purchase")).isEqualByComparingTo("8911407.904");
        assertThat(amounts.get("return")).isEqualByComparingTo("611342.09");
        assertThat(reasons)
                .containsExactly(
                        Map.entry(
                                "A guest: CustomerID is empty, so there is nobody to give the event"
                                        + " to.",
                                3_707),
                        Map.entry("An adjustment of bad debt: neither purchase nor return.", 3));
        assertThat(rejectedRows).isEqualTo(541_909 - 406_829);

        var returned = require("C536379");
        assertThat(returned.type()).isEqualTo("return");
        assertThat(json(returned))
                .isEqualTo(
                        "{\"orderId\":\"C536379\",\"amount\":27.5,\"currency\":\"GBP\",\"items\":"
                                + "[{\"sku\":\"D\",\"quantity\":1,\"amount\":27.5}]}");
        assertThat(returned.occurredAt()).hasToString("2010-12-01T09:41:00Z");
        assertThat(require("581587").occurredAt()).hasToString("2011-12-09T12:50:00Z");
        assertThat(require("559000").occurredAt()).hasToString("2011-07-05T11:15:00Z");
    }

    private static String json(ReceivedEvent event) {
        return Json.mapper().<JsonNode>valueToTree(event.properties()).toString();
    }

    private ReceivedEvent require(String id) {
        var event = events.get(id);
        if (event == null) {
            throw new AssertionError("no event " + id);
        }
        return event;
    }

    private void load(String dataset, String name, String currency) throws IOException {
        assumeTrue(
                Datasets.found().contains(dataset),
                "CLIENTELE_DATASETS names the folder of the datasets");
        BuiltIns.all(PROGRAM).forEach(registry::accept);
        registry.accept(
                new RegistryRecord.Program(
                        PROGRAM,
                        2,
                        "UTC",
                        currency,
                        "MONDAY",
                        true,
                        RegistryRecord.UnknownMembers.CREATE,
                        null));
        var mapping =
                MappingReader.read(
                        registry,
                        PROGRAM,
                        Json.mapper()
                                .readTree(
                                        ProjectRoot.find()
                                                .resolve("deploy/mappings/" + dataset + ".json")
                                                .toFile()));
        var path = Datasets.file(dataset, name);
        if (folder == null) {
            throw new IllegalStateException("no folder");
        }
        try (var file =
                ImportFile.survey(
                        () -> Files.newInputStream(path),
                        mapping,
                        registry,
                        PROGRAM,
                        dataset,
                        folder)) {
            file.begin(0);
            for (var unit = file.next(); unit != null; unit = file.next()) {
                take(unit);
            }
        }
    }

    private void take(Unit unit) {
        var event = unit.event();
        var rejection = unit.rejection();
        if (rejection != null) {
            reasons.merge(rejection.reason(), 1, Integer::sum);
            rejectedRows += unit.rows();
        }
        if (event == null) {
            return;
        }
        switch (validator.validate(PROGRAM, event, "import")) {
            case Verdict.Invalid it ->
                    throw new AssertionError(it.errors() + " in line " + unit.lines()[0]);
            case Verdict.Valid it -> {
                var valid = it.event();
                ids.add(valid.id());
                members.add(String.valueOf(valid.member()));
                types.merge(valid.type(), 1, Integer::sum);
                events.put(valid.id(), valid);
                var amount = event.path("properties").path("amount");
                if (amount.isNumber()) {
                    amounts.merge(valid.type(), amount.decimalValue(), BigDecimal::add);
                }
                items += event.path("properties").path("items").size();
            }
        }
    }
}
