package io.clientele.segmentation.persona;

import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.engine.Snapshot.Distribution;
import io.clientele.engine.ValueType;
import io.clientele.segmentation.persona.PersonaQuestion.Counted;
import io.clientele.segmentation.persona.PersonaStatistics.Compared;
import io.clientele.segmentation.preview.ConditionsDocument;
import io.clientele.segmentation.preview.PresentModels;
import io.clientele.segmentation.segment.AuditRepository;
import io.clientele.segmentation.segment.SegmentConditionProblems;
import io.clientele.segmentation.segment.SegmentService;
import io.clientele.segmentation.shard.ShardReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Compares the members of a segment with everybody else, over all attributes that are not personal.
 * Cost: that of two previews, and some tens of nanoseconds a member and attribute.
 */
@ApplicationScoped
class PersonaService {
    private static final Set<ValueType> NUMBERS = EnumSet.of(ValueType.NUMBER, ValueType.INTEGER);
    private static final Set<ValueType> WORDS =
            EnumSet.of(ValueType.STRING, ValueType.BOOLEAN, ValueType.STRINGS);

    private final ShardReader shards;
    private final PersonaQuestion question;
    private final PresentModels models;
    private final SegmentService segments;
    private final PersonaRepository repository;
    private final AuditRepository audit;
    private final ProgramTransactions transactions;
    private final Clock clock;

    @Inject
    PersonaService(
            ShardReader shards,
            PersonaQuestion question,
            PresentModels models,
            SegmentService segments,
            PersonaRepository repository,
            AuditRepository audit,
            ProgramTransactions transactions,
            Clock clock) {
        this.shards = shards;
        this.question = question;
        this.models = models;
        this.segments = segments;
        this.repository = repository;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** The persona of a segment. */
    Persona persona(ProgramId program, SegmentKey key) {
        var segment = segments.find(program, key);
        var at = shards.asOf(program);
        var model = models.of(program);
        var attributes = new TreeMap<>(model.attributeTypes());
        attributes.values().removeIf(type -> !NUMBERS.contains(type) && !WORDS.contains(type));
        var parts =
                shards.ask(
                        question,
                        program,
                        new PersonaQuestion.Asked(
                                ConditionsDocument.of(
                                        List.of(
                                                SegmentConditionProblems.check(
                                                        segment.effectiveCondition(),
                                                        model,
                                                        "/condition")),
                                        model),
                                List.copyOf(attributes.keySet()),
                                at));
        var compared = new ArrayList<Compared>();
        int index = 0;
        for (var attribute : attributes.entrySet()) {
            int place = index++;
            compared.add(
                    new Compared(
                            attribute.getKey(),
                            NUMBERS.contains(attribute.getValue()),
                            sum(parts, part -> part.inside().get(place)),
                            sum(parts, part -> part.others().get(place))));
        }
        var findings = PersonaStatistics.compare(compared);
        long size = parts.stream().mapToLong(Counted::size).sum();
        return new Persona(
                key,
                segment.version(),
                at,
                size,
                parts.stream().mapToLong(Counted::sizeOfOthers).sum(),
                findings.comparisons(),
                findings.shares(),
                findings.numbers(),
                PersonaWords.sentence(segment.name(), size, findings),
                PersonaWords.person(key, compared),
                transactions
                        .call(program.value(), () -> repository.find(program, key))
                        .orElse(null));
    }

    /** Keeps what a marketer wrote over it; {@link #persona} goes on counting. */
    Persona edit(ProgramId program, SegmentKey key, Map<String, Object> persona, String actor) {
        segments.find(program, key);
        var edited =
                new Persona.Edited(persona, clock.instant().truncatedTo(ChronoUnit.MILLIS), actor);
        transactions.run(
                program.value(),
                () -> {
                    repository.save(program, key, edited);
                    audit.note(
                            program,
                            key,
                            "persona",
                            edited.updatedAt(),
                            actor,
                            Map.of("persona", Map.of("after", persona)));
                });
        return persona(program, key);
    }

    private static Distribution sum(List<Counted> parts, Function<Counted, Distribution> which) {
        long members = 0;
        long unset = 0;
        var counts = new TreeMap<String, Long>();
        int size = 0;
        for (var part : parts) {
            size += which.apply(part).numbers().length;
        }
        long[] numbers = new long[size];
        int from = 0;
        for (var part : parts) {
            var each = which.apply(part);
            members += each.members();
            unset += each.unset();
            each.counts().forEach((value, count) -> counts.merge(value, count, Long::sum));
            System.arraycopy(each.numbers(), 0, numbers, from, each.numbers().length);
            from += each.numbers().length;
        }
        Arrays.sort(numbers);
        return new Distribution(members, unset, counts, numbers);
    }
}
