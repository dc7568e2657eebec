package io.clientele.profile.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.common.json.Json;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.contracts.RegistryRecord;
import io.clientele.contracts.Topics;
import io.clientele.profile.Events;
import io.clientele.profile.FakeOutput;
import io.clientele.profile.FakeRegistry;
import io.clientele.testkit.MutableClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class ResolveStepTest {
    private final FakeRegistry registry = FakeRegistry.standard();
    private final FakeIdentities identities = new FakeIdentities();
    private final FakeOutput output = new FakeOutput();
    private int made;
    private final ResolveStep step =
            new ResolveStep(
                    new IdentityHash(Base64.getEncoder().encodeToString(new byte[32])),
                    identities,
                    registry,
                    MutableClock.at("2026-11-01T12:00:01Z"),
                    () -> new MemberId("new-" + ++made));

    private static final class FakeIdentities implements Identities {
        private final Map<String, MemberId> owners = new HashMap<>();
        private final Map<String, MemberId> faster = new HashMap<>();

        @Override
        public Map<String, MemberId> find(Collection<String> keys) {
            var found = new HashMap<>(owners);
            found.keySet().retainAll(keys);
            return found;
        }

        @Override
        public Map<String, MemberId> claim(Map<String, MemberId> wanted) {
            faster.forEach(owners::putIfAbsent);
            wanted.forEach(owners::putIfAbsent);
            return find(wanted.keySet());
        }
    }

    private List<String> resolve(Events... events) {
        var batch = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        for (var event : events) {
            batch.add(record(Json.bytes(event.received())));
        }
        step.process(batch, output);
        return output.records(Topics.MEMBER_EVENTS_RESOLVED).stream()
                .map(ResolveStepTest::describe)
                .toList();
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] value) {
        return new ConsumerRecord<>(
                Topics.MEMBER_EVENTS_RECEIVED, 0, 7, "k".getBytes(StandardCharsets.UTF_8), value);
    }

    private static String describe(ProducerRecord<byte[], byte[]> record) {
        var event = Json.read(record.value(), ReceivedEvent.class);
        assertThat(new String(record.key(), StandardCharsets.UTF_8))
                .isEqualTo(event.program() + ":" + event.member());
        return event.id() + " " + event.member() + " " + ResolutionHeader.read(record.headers());
    }

    @Test
    void knowsAnIdentityFromTheFirstEventOn() {
        assertThat(
                        resolve(
                                Events.event("1", "page.viewed").known("device", "d"),
                                Events.event("2", "page.viewed").known("device", "d"),
                                Events.event("3", "page.viewed").known("device", "other")))
                .containsExactly("1 new-1 IDENTITY", "2 new-1 IDENTITY", "3 new-2 IDENTITY");
    }

    @Test
    void linksAnIdentityToTheMemberNamed() {
        assertThat(
                        resolve(
                                Events.event("1", "purchase").of("m").known("card", "c"),
                                Events.event("2", "purchase").known("card", "c")))
                .containsExactly("1 m NAMED", "2 m IDENTITY");
    }

    @Test
    void leavesAnIdentityWhereItWas() {
        assertThat(
                        resolve(
                                Events.event("1", "purchase").of("m").known("card", "c"),
                                Events.event("2", "purchase").of("n").known("card", "c"),
                                Events.event("3", "purchase").known("card", "c")))
                .containsExactly("1 m NAMED", "2 n NAMED_IDENTITY_TAKEN", "3 m IDENTITY");
    }

    @Test
    void takesTheOwnerThatWasFaster() {
        var hash = new IdentityHash(Base64.getEncoder().encodeToString(new byte[32]));
        var event = Events.event("1", "page.viewed").known("device", "d");
        identities.faster.put(
                hash.keyOf(event.program(), Objects.requireNonNull(event.identity())),
                new MemberId("m"));
        assertThat(resolve(event)).containsExactly("1 m IDENTITY");
    }

    @Test
    void keepsProgramsApart() {
        assertThat(
                        resolve(
                                Events.event("1", "purchase").of("m").known("card", "c"),
                                Events.event("2", "purchase").known("card", "c").in("other")))
                .containsExactly("1 m NAMED", "2 new-1 IDENTITY");
    }

    @Test
    void makesMembersOnlyOfEnrollmentsWhereTheProgramSaysSo() {
        registry.program("demo", true, RegistryRecord.UnknownMembers.REFUSE);
        assertThat(resolve(Events.event("1", "page.viewed").known("device", "d")))
                .containsExactly("1 new-1 IDENTITY");
        assertThat(identities.owners).as("nothing was claimed").isEmpty();

        assertThat(resolve(Events.event("2", "enrollment").known("device", "d")))
                .endsWith("2 new-2 IDENTITY");
        assertThat(identities.owners.values()).containsExactly(new MemberId("new-2"));
    }

    @Test
    void refusesWhatIsNoEvent() {
        step.process(
                Arrays.asList(
                        record("{".getBytes(StandardCharsets.UTF_8)),
                        record("{\"program\":\"demo\"}".getBytes(StandardCharsets.UTF_8)),
                        record(
                                Json.bytes(
                                        Events.event("a\u0000b", "purchase").of("m").received()))),
                output);
        assertThat(output.records(Topics.MEMBER_EVENTS_RESOLVED)).isEmpty();
        assertThat(output.deadLetters())
                .extracting(it -> it.reason() + " " + it.topic() + " " + it.offset())
                .containsOnly("unreadable member-events-received 7")
                .hasSize(3);
    }

    @Test
    void showsNoIdentityInKeysOrMembers() {
        resolve(Events.event("1", "page.viewed").known("email", "ann@example.org"));
        assertThat(identities.owners.keySet()).noneMatch(it -> it.contains("ann"));
        assertThat(
                        new String(
                                output.records(Topics.MEMBER_EVENTS_RESOLVED).getFirst().key(),
                                StandardCharsets.UTF_8))
                .isEqualTo("demo:new-1");
    }
}
