package io.clientele.ingestion.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clientele.common.json.Json;
import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import io.clientele.ingestion.IngestionError;
import io.clientele.ingestion.event.EventPublisher;
import io.clientele.ingestion.event.EventValidator;
import io.clientele.ingestion.event.Verdict;
import io.clientele.ingestion.messaging.KafkaWriter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists dead letters and sends them in again. */
@ApplicationScoped
class DeadLetterService {
    private static final List<String> EVENT_FIELDS =
            List.of(
                    "id",
                    "type",
                    "source",
                    "member",
                    "identity",
                    "occurredAt",
                    "properties",
                    "replaces");

    private final ProgramTransactions transactions;
    private final DeadLetterRepository repository;
    private final EventValidator validator;
    private final EventPublisher publisher;
    private final Clock clock;

    @Inject
    DeadLetterService(
            ProgramTransactions transactions,
            DeadLetterRepository repository,
            EventValidator validator,
            EventPublisher publisher,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.validator = validator;
        this.publisher = publisher;
        this.clock = clock;
    }

    Page<DeadLetterView> list(ProgramId program, PageRequest page, @Nullable String reason) {
        var before = page.position().map(DeadLetterService::number).orElse(null);
        var found =
                transactions.call(
                        program.value(), () -> repository.list(before, reason, page.limit() + 1));
        boolean more = found.size() > page.limit();
        var items = more ? found.subList(0, page.limit()) : found;
        return new Page<>(
                items,
                more ? PageRequest.cursorAfter(items.getLast().id()) : null,
                clock.instant());
    }

    private static long number(String cursor) {
        try {
            return Long.parseLong(cursor);
        } catch (NumberFormatException e) {
            throw new RequestException(
                    CommonError.CURSOR_INVALID,
                    "cursor is what the page before gave as \"next\"; this is none.");
        }
    }

    /**
     * Sends a dead letter's event in again, as a new event as far as the way behind ingestion is
     * concerned.
     *
     * @param corrected what to send instead, or null for the event as it was
     */
    DeadLetterView replay(
            ProgramId program, String id, String actor, @Nullable JsonNode corrected) {
        var letter = require(program, id);
        var event = corrected == null ? original(letter) : corrected;
        switch (validator.validate(program, event, null)) {
            case Verdict.Invalid it ->
                    throw new RequestException(
                            IngestionError.REPLAY_INVALID,
                            "The event is not valid; send a corrected one as {\"event\":{…}}.",
                            it.errors());
            case Verdict.Valid it -> KafkaWriter.await(List.of(publisher.send(it.event())));
        }
        transactions.run(
                program.value(),
                () -> repository.replayed(Long.parseLong(id), clock.instant(), actor));
        return require(program, id);
    }

    private DeadLetterView require(ProgramId program, String id) {
        long number;
        try {
            number = Long.parseLong(id);
        } catch (NumberFormatException e) {
            number = -1;
        }
        long wanted = number;
        return transactions
                .call(program.value(), () -> repository.find(wanted))
                .orElseThrow(() ->
                        new RequestException(
                                IngestionError.DEAD_LETTER_UNKNOWN,
                                "There is no dead letter \"" + id + "\"."));
    }

    /** The event inside: as ingestion wrote it, or as profile passed it on with its member. */
    private static JsonNode original(DeadLetterView letter) {
        JsonNode value;
        try {
            value = Json.mapper().readTree(letter.value());
        } catch (JsonProcessingException e) {
            throw new RequestException(
                    IngestionError.REPLAY_INVALID,
                    "The record is no JSON; send a corrected event as {\"event\":{…}}.");
        }
        var inside = value.path("event").isObject() ? value.path("event") : value;
        ObjectNode event = Json.mapper().createObjectNode();
        for (var field : EVENT_FIELDS) {
            if (inside.hasNonNull(field)) {
                event.set(field, inside.get(field));
            }
        }
        return event;
    }
}
