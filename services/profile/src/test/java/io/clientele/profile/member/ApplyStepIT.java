package io.clientele.profile.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.clientele.common.json.Json;
import io.clientele.contracts.AttributeChange;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MemberKind;
import io.clientele.contracts.MemberProfile;
import io.clientele.contracts.MemberRecord;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.contracts.Topics;
import io.clientele.embedded.ServerKind;
import io.clientele.profile.Events;
import io.clientele.profile.FakeOutput;
import io.clientele.profile.FakeRegistry;
import io.clientele.profile.identity.IdentityHash;
import io.clientele.profile.identity.Resolution;
import io.clientele.profile.identity.ResolutionHeader;
import io.clientele.profile.store.Store;
import io.clientele.testkit.MutableClock;
import io.clientele.testkit.Seeds;
import io.clientele.testkit.TcpProxy;
import io.clientele.testkit.TestServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Apply against a real store, without Kafka: batches are read again as after a crash. */
class ApplyStepIT {
    private static final ProgramId DEMO = new ProgramId("demo");

    @SuppressWarnings("NullAway.Init")
    private static TcpProxy proxy;

    @SuppressWarnings("NullAway.Init")
    private static Store store;

    private final FakeRegistry registry = FakeRegistry.standard();
    private final EventRepository events = new EventRepository(store);
    private final MemberRepository members = new MemberRepository(store);
    private final Outcomes outcomes = new Outcomes(store);
    private final ImportCounts imports = new ImportCounts(store);
    private final String topicId = UUID.randomUUID().toString();
    private final ApplyStep step =
            new ApplyStep(
                    topicId,
                    registry,
                    new IdentityHash(Base64.getEncoder().encodeToString(new byte[32])),
                    events,
                    members,
                    outcomes,
                    imports,
                    new ApplyMetrics(new SimpleMeterRegistry()),
                    MutableClock.at("2026-11-01T12:00:01Z"));
    private final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();

    @BeforeAll
    static void connect() {
        var address =
                URI.create(
                        TestServers.environment(ServerKind.MONGODB, "profile")
                                .getOrDefault("CLIENTELE_MONGODB_URL", ""));
        proxy = TcpProxy.to(address.getPort());
        store =
                new Store(
                        "mongodb://127.0.0.1:" + proxy.port(),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(10));
        new EventRepository(store).prepare();
        new MemberRepository(store).prepare();
        new ImportCounts(store).prepare();
    }

    @AfterAll
    static void disconnect() {
        store.close();
        proxy.close();
    }

    /** A member nobody else uses. */
    private static String someone() {
        return "m-" + UUID.randomUUID();
    }

    private ConsumerRecord<byte[], byte[]> append(Events event, Resolution resolution) {
        var headers = new RecordHeaders();
        ResolutionHeader.write(headers, resolution);
        var record =
                new ConsumerRecord<byte[], byte[]>(
                        Topics.MEMBER_EVENTS_RESOLVED,
                        3,
                        log.size(),
                        0L,
                        TimestampType.CREATE_TIME,
                        0,
                        0,
                        (event.program() + ":" + event.member()).getBytes(StandardCharsets.UTF_8),
                        Json.bytes(event.received()),
                        headers,
                        Optional.empty());
        log.add(record);
        return record;
    }

    private List<ConsumerRecord<byte[], byte[]>> append(Events... events) {
        return Arrays.stream(events).map(it -> append(it, Resolution.NAMED)).toList();
    }

    private FakeOutput process(List<ConsumerRecord<byte[], byte[]>> batch)
            throws InterruptedException {
        var output = new FakeOutput();
        step.process(batch, output);
        return output;
    }

    private FakeOutput process(Events... batch) throws InterruptedException {
        return process(append(batch));
    }

    private Member member(String id) {
        return new Member(members.find(DEMO, new MemberId(id)).orElseThrow());
    }

    /** Unique ids: the store is shared by all tests. */
    private static String unique(String id) {
        return id + "-" + UUID.randomUUID();
    }

    @Test
    void dropsADuplicateAndRefusesAReusedId() throws InterruptedException {
        var who = someone();
        var id = unique("p");
        var first = Events.purchase(id, who, new BigDecimal("84.10"));

        var output =
                process(
                        first,
                        Events.purchase(id, who, new BigDecimal("84.1")),
                        Events.purchase(id, who, 85));

        assertThat(output.applied()).extracting(MemberRecord.EventApplied::id).containsExactly(id);
        assertThat(output.deadLetters()).hasSize(1);
        assertThat(output.deadLetters().getFirst().reason()).isEqualTo("id-reused");
        assertThat(output.deadLetters().getFirst().offset()).isEqualTo(2);
        assertThat(output.profiles()).hasSize(1);
        var later = process(first, Events.purchase(id, who, 99));
        assertThat(later.applied()).isEmpty();
        assertThat(later.deadLetters()).hasSize(1);
        assertThat(member(who).totals().purchases()).isEqualTo(1);
        assertThat(member(who).totals().purchaseAmount()).isEqualByComparingTo("84.1");
        var outcome = outcomes.find(EventKey.of(DEMO, "test", id)).orElseThrow();
        assertThat(outcome.refusal()).isNotNull();
        assertThat(outcome.duplicateAt()).isNotNull();
    }

    @Test
    void passesOnTheSameAgainAfterACrashBeforeTheCommit() throws InterruptedException {
        var who = someone();
        var batch =
                append(
                        Events.event(unique("v"), "page.viewed")
                                .of(who)
                                .with(Map.of("url", "https://example.org/")),
                        Events.purchase(unique("p"), who, 10),
                        Events.event(unique("e"), "points.earned")
                                .of(who)
                                .with(Map.of("points", 5)));
        var first = process(batch);
        var again = process(batch);

        assertThat(again.applied()).isEqualTo(first.applied());
        assertThat(again.profiles()).isEqualTo(first.profiles());
        assertThat(first.applied())
                .extracting(MemberRecord.EventApplied::kind)
                .containsExactly(MemberKind.PROSPECT, MemberKind.MEMBER, MemberKind.MEMBER);
        assertThat(member(who).totals().purchases()).isEqualTo(1);
        assertThat(member(who).snapshot().attributes()).containsEntry("loyalty.points", 5);
    }

    @Test
    void appliesEventsThatACrashLeftBetweenTheirInsertAndTheirMember() throws InterruptedException {
        // given: the events are stored, the member is not
        var who = someone();
        var batch = append(Events.purchase(unique("p"), who, 10));
        var lost = process(batch);
        store.collection("members").deleteOne(new Document("_id", "demo:" + who));

        // when
        var again = process(batch);

        // then
        assertThat(again.applied()).isEqualTo(lost.applied());
        assertThat(member(who).totals().purchases()).isEqualTo(1);
    }

    @Test
    void neverWritesOverAnotherWriter() throws InterruptedException {
        // given: a writer that lost its partition after it had read the member
        var who = someone();
        process(Events.purchase(unique("p"), who, 10));
        var stale = member(who);
        process(Events.purchase(unique("p"), who, 10));

        // when: it writes all the same
        stale.apply(
                events.ofMember(DEMO, new MemberId(who)).stream()
                        .filter(it -> it.position().offset() == 1)
                        .findFirst()
                        .orElseThrow(),
                null,
                List::of,
                Instant.EPOCH);

        // then
        assertThatThrownBy(() -> members.write(List.of(stale)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("members were changed by another writer: 1");
        assertThat(member(who).totals().purchases()).isEqualTo(2);
    }

    @Test
    void keepsTheLatestByTimeWhateverTheOrderOfArrival() throws InterruptedException {
        var who = someone();
        var late = unique("late");
        var output =
                process(
                        Events.event(unique("b"), "profile.updated")
                                .of(who)
                                .at("2026-10-02T00:00:00Z")
                                .with(Map.of("attributes", Map.of("country", "vn"))),
                        Events.event(late, "profile.updated")
                                .of(who)
                                .at("2026-10-01T00:00:00Z")
                                .with(Map.of("attributes", Map.of("country", "TH", "income", 5))));

        assertThat(member(who).snapshot().attributes())
                .isEqualTo(Map.of("country", "VN", "income", 5));
        assertThat(output.applied().get(1).changes())
                .containsExactlyInAnyOrder(
                        new AttributeChange(
                                "country",
                                "TH",
                                Instant.parse("2026-10-01T00:00:00Z"),
                                "test",
                                late),
                        new AttributeChange(
                                "income", 5, Instant.parse("2026-10-01T00:00:00Z"), "test", late));
    }

    @Test
    void letsNothingPersonalLeave() throws InterruptedException {
        var who = someone();
        var attributes = new LinkedHashMap<String, Object>();
        attributes.put("email", "ann@example.org");
        attributes.put("firstName", "Ann");
        attributes.put("country", "TH");
        attributes.put("shoeColor", "vermilion");
        var output =
                process(
                        Events.event(unique("e"), "enrollment")
                                .of(who)
                                .known("email", "ann@example.org")
                                .with(
                                        Map.of(
                                                "channel",
                                                "app",
                                                "phone",
                                                "+66123",
                                                "attributes",
                                                attributes,
                                                "consents",
                                                List.of(
                                                        Map.of(
                                                                "purpose", "marketing",
                                                                "channel", "email",
                                                                "granted", true,
                                                                "proof", "form of Ann")),
                                                "preferences",
                                                Map.of("channel", "email"))));

        for (var topic : List.of(Topics.MEMBER_EVENTS, Topics.MEMBER_PROFILES)) {
            assertThat(new String(output.records(topic).getFirst().value(), StandardCharsets.UTF_8))
                    .doesNotContain("ann@")
                    .doesNotContain("Ann")
                    .doesNotContain("+66123")
                    .doesNotContain("vermilion");
        }
        assertThat(output.profiles().getFirst().attributes())
                .isEqualTo(
                        Map.of(
                                "country", "TH",
                                "consent.marketing.email", true,
                                "preference.channel", "email",
                                "enrollment.channel", "app",
                                "reachable.email", true));
        assertThat(output.profiles().getFirst().kind()).isEqualTo(MemberKind.MEMBER);
        assertThat(member(who).identities()).hasSize(1);
        var view = MemberView.of(member(who), true);
        assertThat(view.attributes())
                .containsEntry("email", "ann@example.org")
                .containsEntry("firstName", "Ann");
        assertThat(view.unknownAttributes()).isEqualTo(Map.of("shoeColor", "vermilion"));
        assertThat(view.consents().getFirst().proof()).isEqualTo("form of Ann");
        var open = MemberView.of(member(who), false);
        assertThat(open.attributes())
                .isEqualTo(
                        Map.of(
                                "country",
                                "TH",
                                "enrollment.channel",
                                "app",
                                "reachable.email",
                                true));
        assertThat(open.identities()).isNull();
        assertThat(open.unknownAttributes()).isNull();
        assertThat(open.consents().getFirst().proof()).isNull();
    }

    @Test
    void refusesValuesTheAttributeDoesNotAllow() throws InterruptedException {
        var who = someone();
        var output =
                process(
                        Events.event(unique("e"), "profile.updated")
                                .of(who)
                                .with(Map.of("attributes", Map.of("country", "Siam"))),
                        Events.event(unique("e"), "profile.updated")
                                .of(who)
                                .with(Map.of("attributes", Map.of("loyalty.tier", "gold"))));
        assertThat(output.applied()).isEmpty();
        assertThat(output.deadLetters())
                .extracting(it -> it.reason() + " " + it.detail())
                .containsExactly(
                        "attribute-invalid attribute country: expected one of [TH, VN, GB]",
                        "attribute-invalid /properties/attributes/loyalty.tier: loyalty.tier is"
                                + " declared by events of its own, not here");
        assertThat(members.find(DEMO, new MemberId(who))).isEmpty();
    }

    @Test
    void refusesAnUnknownNameOnlyWhenTheRegistryIsFresh() throws InterruptedException {
        registry.program("demo", false, RegistryRecord.UnknownMembers.CREATE);
        registry.later("demo", "petSpecies", "string");
        var who = someone();
        var output =
                process(
                        Events.event(unique("e"), "profile.updated")
                                .of(who)
                                .with(Map.of("attributes", Map.of("petSpecies", "cat"))),
                        Events.event(unique("e"), "profile.updated")
                                .of(who)
                                .with(Map.of("attributes", Map.of("nonsense", 1))));
        assertThat(output.applied()).hasSize(1);
        assertThat(output.deadLetters().getFirst().reason()).isEqualTo("attribute-unknown");
        assertThat(registry.refreshes()).isEqualTo(1);
    }

    @Test
    void refusesUnknownMembersWhereTheProgramSaysSo() throws InterruptedException {
        registry.program("demo", true, RegistryRecord.UnknownMembers.REFUSE);
        var who = someone();
        var enrolled = someone();
        var output =
                process(
                        Events.purchase(unique("p"), who, 1),
                        Events.event(unique("e"), "enrollment").of(enrolled),
                        Events.purchase(unique("p"), enrolled, 1));
        assertThat(output.deadLetters())
                .extracting(it -> it.reason())
                .containsExactly("member-unknown");
        assertThat(output.applied()).hasSize(2);
    }

    @Test
    void takesAnEventBack() throws InterruptedException {
        var who = someone();
        var cheap = unique("cheap");
        var dear = unique("dear");
        var country = unique("country");
        process(
                Events.purchase(cheap, who, 10).at("2026-10-01T00:00:00Z"),
                Events.event(unique("c"), "profile.updated")
                        .of(who)
                        .at("2026-10-01T00:00:00Z")
                        .with(Map.of("attributes", Map.of("country", "GB"))),
                Events.event(country, "profile.updated")
                        .of(who)
                        .at("2026-10-02T00:00:00Z")
                        .with(Map.of("attributes", Map.of("country", "TH"))),
                Events.purchase(dear, who, 90).at("2026-10-03T00:00:00Z"));

        var batch =
                append(
                        Events.event(unique("r"), "event.retracted")
                                .of(who)
                                .with(Map.of("source", "test", "id", dear)),
                        Events.event(unique("r"), "event.retracted")
                                .of(who)
                                .with(Map.of("source", "test", "id", country)));
        var output = process(batch);
        var again = process(batch);

        assertThat(again.applied()).isEqualTo(output.applied());
        assertThat(output.applied())
                .extracting(MemberRecord.EventApplied::type)
                .containsExactly("event.retracted", "event.retracted");
        var totals = member(who).totals();
        assertThat(totals.purchases()).isEqualTo(1);
        assertThat(totals.purchaseAmount()).isEqualByComparingTo("10");
        assertThat(totals.lastPurchaseAt()).isEqualTo("2026-10-01T00:00:00Z");
        assertThat(member(who).snapshot().attributes()).isEqualTo(Map.of("country", "GB"));

        process(
                Events.event(unique("r"), "event.retracted")
                        .of(who)
                        .with(Map.of("source", "test", "id", cheap)));
        assertThat(member(who).kind()).isEqualTo(MemberKind.PROSPECT);
        assertThat(member(who).totals().lastPurchaseAt()).isNull();
    }

    @Test
    void dropsAnEventThatWasTakenBackBeforeItCame() throws InterruptedException {
        var who = someone();
        var id = unique("p");
        process(
                Events.event(unique("r"), "event.retracted")
                        .of(who)
                        .with(Map.of("source", "test", "id", id)));
        var batch = append(Events.purchase(id, who, 10));
        assertThat(process(batch).applied()).isEmpty();
        assertThat(process(batch).applied()).isEmpty();
        assertThat(member(who).totals().purchases()).isZero();
        assertThat(process(Events.purchase(id, who, 10)).applied()).as("a duplicate").isEmpty();
    }

    @Test
    void replacesAnEvent() throws InterruptedException {
        var who = someone();
        var id = unique("p");
        process(Events.purchase(id, who, 10));
        var output = process(Events.purchase(unique("q"), who, 12).replacing(id));
        assertThat(output.applied().getFirst().replaces()).isNotNull();
        assertThat(member(who).totals().purchases()).isEqualTo(1);
        assertThat(member(who).totals().purchaseAmount()).isEqualByComparingTo("12");
        // Taken back already: no second effect.
        process(
                Events.event(unique("r"), "event.retracted")
                        .of(who)
                        .with(Map.of("source", "test", "id", id)));
        assertThat(member(who).totals().purchases()).isEqualTo(1);
    }

    @Test
    void refusesToTakeBackWhatIsNotTheMembers() throws InterruptedException {
        var who = someone();
        var id = unique("p");
        process(Events.purchase(id, who, 10));
        var output =
                process(
                        Events.event(unique("r"), "event.retracted")
                                .of(someone())
                                .with(Map.of("source", "test", "id", id)));
        assertThat(output.deadLetters().getFirst().reason()).isEqualTo("retraction-invalid");
        assertThat(member(who).totals().purchases()).isEqualTo(1);
    }

    @Test
    void countsPointsInTheOrderOfTime() throws InterruptedException {
        var who = someone();
        var first = unique("a");
        var second = unique("b");
        var early = unique("c");
        process(
                points(first, who, "points.earned", 100, "2026-10-01T00:00:00Z"),
                points(second, who, "points.spent", 30, "2026-10-03T00:00:00Z"));
        assertThat(member(who).snapshot().attributes()).containsEntry("loyalty.points", 70);

        var batch = append(points(early, who, "points.earned", 7, "2026-10-02T00:00:00Z"));
        var output = process(batch);
        assertThat(process(batch).applied()).isEqualTo(output.applied());
        assertThat(output.applied().getFirst().changes())
                .containsExactly(
                        new AttributeChange(
                                "loyalty.points",
                                107,
                                Instant.parse("2026-10-02T00:00:00Z"),
                                "test",
                                early),
                        new AttributeChange(
                                "loyalty.points",
                                77,
                                Instant.parse("2026-10-03T00:00:00Z"),
                                "test",
                                second));
        assertThat(member(who).snapshot().attributes()).containsEntry("loyalty.points", 77);

        var back =
                process(
                        Events.event(unique("r"), "event.retracted")
                                .of(who)
                                .with(Map.of("source", "test", "id", first)));
        assertThat(back.applied().getFirst().changes())
                .extracting(AttributeChange::id, AttributeChange::value)
                .containsExactly(tuple(early, 7), tuple(second, -23));
        assertThat(member(who).snapshot().attributes()).containsEntry("loyalty.points", -23);
    }

    private static Events points(String id, String who, String type, int points, String at) {
        return Events.event(id, type).of(who).at(at).with(Map.of("points", points));
    }

    @Test
    void countsImportsOnceHoweverOftenTheyAreRead() throws InterruptedException {
        var who = someone();
        var job = unique("job");
        var id = unique("p");
        var batch =
                append(
                        Events.purchase(id, who, 10).imported(job),
                        Events.purchase(id, who, 10).imported(job),
                        Events.purchase(id, who, 11).imported(job),
                        Events.purchase(unique("q"), who, 1).imported(job));
        process(batch);
        process(batch);
        assertThat(imports.of(DEMO, job, 8)).isEqualTo(new ImportCounts.Counts(2, 1, 1));
    }

    @Test
    void triesAgainUntilTheStoreIsBack() throws InterruptedException {
        var who = someone();
        var batch = append(Events.purchase(unique("p"), who, 10));
        proxy.cut();
        var output = new FakeOutput();
        try {
            assertThatThrownBy(() -> step.process(batch, output)).isInstanceOf(Exception.class);
        } finally {
            proxy.restore();
        }
        assertThat(process(batch).applied()).hasSize(1);
        assertThat(member(who).totals().purchases()).isEqualTo(1);
    }

    @Test
    void storesWhateverJsonHolds() throws InterruptedException {
        var who = someone();
        Object deep = "deep";
        for (int i = 0; i < 200; i++) {
            deep = List.of(deep);
        }
        var output =
                process(
                        Events.event(unique("x:y%z"), "custom.type")
                                .of(who)
                                .with(
                                        Map.of(
                                                "$set",
                                                1,
                                                "a.b",
                                                Map.of("$gt", "\0"),
                                                "huge",
                                                new BigDecimal("1E+6000"),
                                                "long",
                                                new BigDecimal("1".repeat(60)),
                                                "deep",
                                                deep,
                                                "text",
                                                "\ud83d\ude00")));
        assertThat(output.applied()).hasSize(1);
        assertThat(output.applied().getFirst().properties())
                .containsEntry("text", "\ud83d\ude00")
                .containsEntry("$set", 1);
    }

    /**
     * Random events in random batches, each read again from a random place as after a crash: what
     * was passed on last for each record, and the members, are those of an undisturbed run.
     */
    @Test
    void isTheSameHoweverOftenItIsInterrupted() throws InterruptedException {
        long seed = Seeds.of(1);
        var random = new SplittableRandom(seed);
        var run = UUID.randomUUID().toString();
        var script = new ArrayList<Events>();
        for (int i = 0; i < 300; i++) {
            script.add(randomEvent(random, run));
        }
        // given: an undisturbed run, in program other
        var expected = new FakeOutput();
        for (var event : script) {
            step.process(append(event.in("other")), expected);
        }
        log.clear();

        // when: batches of random size; after each the next may begin before its end
        var records = append(script.toArray(Events[]::new));
        var byOffset = new HashMap<Long, List<MemberRecord.EventApplied>>();
        int from = 0;
        while (from < records.size()) {
            int to = Math.min(records.size(), from + random.nextInt(1, 60));
            boolean crashes = random.nextInt(3) == 0;
            var output = process(records.subList(from, to));
            if (crashes) {
                continue;
            }
            byOffset.put((long) from, output.applied());
            from = to;
        }

        // then
        var passedOn =
                byOffset.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .flatMap(it -> it.getValue().stream())
                        .map(ApplyStepIT::comparable)
                        .toList();
        var undisturbed = expected.applied().stream().map(ApplyStepIT::comparable).toList();
        for (int i = 0; i < Math.min(passedOn.size(), undisturbed.size()); i++) {
            assertThat(passedOn.get(i))
                    .as("record %d; %s", i, Seeds.describe(seed))
                    .isEqualTo(undisturbed.get(i));
        }
        assertThat(passedOn).as(Seeds.describe(seed)).hasSameSizeAs(undisturbed);
        for (int i = 0; i < 5; i++) {
            var id = new MemberId("m-" + i + "-" + run);
            assertThat(withoutTime(new Member(members.find(DEMO, id).orElseThrow()).snapshot()))
                    .as(Seeds.describe(seed))
                    .isEqualTo(
                            withoutTime(
                                    new Member(
                                                    members.find(new ProgramId("other"), id)
                                                            .orElseThrow())
                                            .snapshot()));
        }
    }

    private static Map<String, Object> withoutTime(MemberProfile profile) {
        return Map.of("kind", profile.kind(), "attributes", profile.attributes());
    }

    private static List<Object> comparable(MemberRecord.EventApplied event) {
        return List.of(
                event.member(),
                event.kind(),
                event.id(),
                event.type(),
                event.properties(),
                event.changes());
    }

    private static Events randomEvent(SplittableRandom random, String run) {
        var who = "m-" + random.nextInt(5) + "-" + run;
        // Few ids: duplicates, reuse, retractions of what came and of what did not.
        var id = random.nextInt(150) + "-" + run;
        var event =
                switch (random.nextInt(6)) {
                    case 0 -> Events.purchase(id, who, 1 + random.nextInt(3));
                    case 1 ->
                            Events.event(id, "points.earned")
                                    .with(Map.of("points", random.nextInt(1, 4)));
                    case 2 ->
                            Events.event(id, "points.spent")
                                    .with(
                                            random.nextBoolean()
                                                    ? Map.of("points", 1)
                                                    : Map.of("points", 1, "balance", 50));
                    case 3 ->
                            Events.event(id, "profile.updated")
                                    .with(
                                            Map.of(
                                                    "attributes",
                                                    Map.of("income", random.nextInt(5))));
                    case 4 ->
                            Events.event("r" + id, "event.retracted")
                                    .with(
                                            Map.of(
                                                    "source",
                                                    "test",
                                                    "id",
                                                    random.nextInt(150) + "-" + run));
                    default -> Events.event(id, "enrollment");
                };
        return event.of(who).at("2026-10-01T00:00:0" + random.nextInt(10) + "Z");
    }
}
