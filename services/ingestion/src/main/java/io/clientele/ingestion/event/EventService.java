package io.clientele.ingestion.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import io.clientele.common.json.Json;
import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.problem.TransientException;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.ingestion.IngestionError;
import io.clientele.ingestion.messaging.KafkaWriter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Takes events in: judges each, hands the valid ones to Kafka, waits for its word. */
@ApplicationScoped
class EventService {
    private static final Logger LOG = Logger.getLogger(EventService.class);

    /**
     * Longest line of a stream, and longest event of any body, in bytes. A quarter of the longest
     * record that Kafka takes here: as a string in a dead letter an event is up to twice as long.
     */
    static final int LONGEST_EVENT = 262_144;

    /** Longest body that is no stream, in bytes, after decompression. */
    static final int LONGEST_BODY = 5 * 1024 * 1024;

    /** So many rejected events are listed. */
    static final int LISTED = 1_000;

    /** So many events of a stream may wait for Kafka before more of it is read. */
    private static final int WINDOW = 1_000;

    private static final ObjectReader READER = Json.mapper().reader();

    private final EventValidator validator;
    private final EventPublisher publisher;
    private final EventMetrics metrics;

    @Inject
    EventService(EventValidator validator, EventPublisher publisher, EventMetrics metrics) {
        this.validator = validator;
        this.publisher = publisher;
        this.metrics = metrics;
    }

    /**
     * How a stream ended.
     *
     * @param reply what became of the events up to there
     * @param failure why it ended early, or null if it was read to its end
     * @param nextLine where to go on after a failure, counted from 1
     */
    record StreamResult(EventsReply reply, @Nullable RuntimeException failure, long nextLine) {}

    /**
     * Takes one event or an array of them.
     *
     * @param body decompressed
     * @throws RequestException if the body is too large or no JSON
     * @throws TransientException if Kafka does not take them
     */
    EventsReply takeBody(ProgramId program, InputStream body) throws IOException {
        byte[] bytes;
        try {
            bytes = body.readNBytes(LONGEST_BODY + 1);
        } catch (IOException e) {
            throw new RequestException(
                    IngestionError.STREAM_BROKEN,
                    "The body broke off, or is not gzipped as Content-Encoding says. Nothing was"
                            + " accepted.");
        }
        if (bytes.length > LONGEST_BODY) {
            throw new RequestException(
                    CommonError.BODY_TOO_LARGE,
                    "A body has at most 5 MiB after decompression. Send more as"
                            + " application/x-ndjson, which is streamed.");
        }
        JsonNode tree = READER.readTree(bytes);
        if (tree.isMissingNode()) {
            throw new RequestException(CommonError.JSON_INVALID, "The body is empty.");
        }
        var tally = new Tally();
        var sent = new ArrayList<CompletableFuture<@Nullable Void>>();
        var valid = new ArrayList<ReceivedEvent>();
        // Only a body that is longer than one event may be has to be measured event by event.
        boolean measured = bytes.length > LONGEST_EVENT;
        if (tree.isArray()) {
            for (int i = 0; i < tree.size(); i++) {
                judge(program, i, tree.get(i), measured, tally, valid);
            }
        } else {
            judge(program, 0, tree, measured, tally, valid);
        }
        for (var event : valid) {
            sent.add(publisher.send(event));
            if (sent.getFirst().isCompletedExceptionally()
                    || sent.getLast().isCompletedExceptionally()) {
                // Kafka is away: each further one would only wait as long as this one did.
                break;
            }
        }
        KafkaWriter.await(sent);
        tally.accepted = sent.size();
        metrics.count(program, tally.accepted, tally.rejectedCount);
        return tally.reply();
    }

    private void judge(
            ProgramId program,
            long index,
            JsonNode event,
            boolean measured,
            Tally tally,
            List<ReceivedEvent> valid) {
        if (measured && Json.bytes(event).length > LONGEST_EVENT) {
            tally.reject(
                    index,
                    event.path("id").textValue(),
                    List.of(new FieldError("", "expected at most 256 KiB in an event")));
            return;
        }
        switch (validator.validate(program, event, null)) {
            case Verdict.Valid it -> valid.add(it.event());
            case Verdict.Invalid it -> tally.reject(index, it.id(), it.errors());
        }
    }

    /** Takes a stream, one event a line. Reads on only as fast as Kafka takes events. */
    StreamResult takeStream(ProgramId program, InputStream body) {
        var tally = new Tally();
        var waiting = new ArrayDeque<Sent>();
        var lines = new LineReader(body, LONGEST_EVENT);
        long line = 0;
        RuntimeException failure = null;
        try {
            while (lines.next()) {
                line++;
                if (!lines.isBlank()) {
                    takeLine(program, line, lines, tally, waiting);
                }
                if (waiting.size() >= WINDOW) {
                    settle(waiting, WINDOW / 2, tally);
                } else if (isGivenUp(waiting.peekFirst()) || isGivenUp(waiting.peekLast())) {
                    // Kafka is away: each further line would only wait as long as this one did.
                    settle(waiting, 0, tally);
                }
            }
            line++;
        } catch (IOException e) {
            // What was read before is settled below; the line that broke off is not.
            LOG.debugf("stream broken line=%d reason=%s", line + 1, e);
            line++;
            failure =
                    new RequestException(
                            IngestionError.STREAM_BROKEN,
                            "The stream broke off in line "
                                    + line
                                    + ". What came before is settled; send again from that line"
                                    + " on.");
        } catch (TransientException e) {
            failure = e;
        }
        try {
            settle(waiting, 0, tally);
        } catch (TransientException e) {
            failure = e;
        }
        long next = waiting.isEmpty() ? line : waiting.getFirst().line();
        if (!waiting.isEmpty()) {
            tally.forgetFrom(next - 1);
        }
        metrics.count(program, tally.accepted, tally.rejectedCount);
        return new StreamResult(tally.reply(), failure, next);
    }

    private void takeLine(
            ProgramId program, long line, LineReader lines, Tally tally, ArrayDeque<Sent> waiting) {
        if (lines.isTooLong()) {
            tally.reject(
                    line - 1,
                    null,
                    List.of(new FieldError("", "expected at most 256 KiB in a line")));
            return;
        }
        JsonNode event;
        try {
            event = READER.readTree(lines.array(), lines.offset(), lines.length());
        } catch (JsonProcessingException e) {
            tally.reject(line - 1, null, List.of(noJson(e)));
            return;
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
        switch (validator.validate(program, event, null)) {
            case Verdict.Valid it -> waiting.add(new Sent(line, publisher.send(it.event())));
            case Verdict.Invalid it -> tally.reject(line - 1, it.id(), it.errors());
        }
    }

    private static FieldError noJson(JsonProcessingException e) {
        var location = e.getLocation();
        return new FieldError(
                "",
                "is no JSON"
                        + (location == null ? "" : " at column " + location.getColumnNr())
                        + ": "
                        + e.getOriginalMessage());
    }

    private static boolean isGivenUp(@Nullable Sent sent) {
        return sent != null && sent.result().isCompletedExceptionally();
    }

    /** Waits for the oldest until at most {@code left} wait. What failed stays first. */
    private static void settle(ArrayDeque<Sent> waiting, int left, Tally tally) {
        while (waiting.size() > left) {
            KafkaWriter.await(List.of(waiting.getFirst().result()));
            waiting.removeFirst();
            tally.accepted++;
        }
    }

    private record Sent(long line, CompletableFuture<@Nullable Void> result) {}

    private static final class Tally {
        private final List<EventsReply.Rejected> rejected = new ArrayList<>();
        private long accepted;
        private long rejectedCount;

        private void reject(long index, @Nullable String id, List<FieldError> errors) {
            rejectedCount++;
            if (rejected.size() < LISTED) {
                rejected.add(new EventsReply.Rejected(index, id, errors));
            }
        }

        /** Lines that are to be sent again are not reported as rejected now. */
        private void forgetFrom(long index) {
            int before = rejected.size();
            rejected.removeIf(it -> it.index() >= index);
            rejectedCount -= before - rejected.size();
        }

        private EventsReply reply() {
            return new EventsReply(accepted, rejectedCount, rejected);
        }
    }
}
