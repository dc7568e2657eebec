package io.clientele.common.feed;

import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.RequestException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** What a reader of a feed asks for: lines up to a limit, or events. Immutable. */
public final class FeedRequest {
    /** The media type of lines, each a JSON object with its {@code position}. */
    public static final String LINES = "application/x-ndjson";

    /** The media type of server-sent events, each with its position as {@code id}. */
    public static final String EVENTS = "text/event-stream";

    private static final int DEFAULT_LIMIT = 1_000;
    private static final int MAXIMUM_LIMIT = 10_000;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final @Nullable String after;
    private final boolean isOfEvents;
    private final int most;
    private final Duration patience;

    private FeedRequest(@Nullable String after, boolean isOfEvents, int most, Duration patience) {
        this.after = after;
        this.isOfEvents = isOfEvents;
        this.most = most;
        this.patience = patience;
    }

    /** Reads a feed from a position on, until the reader has enough. */
    @FunctionalInterface
    public interface Source {
        /** Gives {@code reader} what there is; in the thread of the request. */
        void read(FeedReader reader) throws IOException;
    }

    /**
     * Reads the parameters.
     *
     * @param after {@code ?after=}
     * @param limit {@code ?limit=}, of lines only
     * @param wait {@code ?wait=}, of lines only: how long an empty answer is held back
     * @param lastEventId the header, for events when {@code after} is absent
     * @param accept the header
     * @throws RequestException 400 if limit or wait is out of its bounds
     */
    public static FeedRequest of(
            @Nullable String after,
            @Nullable Integer limit,
            @Nullable String wait,
            @Nullable String lastEventId,
            @Nullable String accept) {
        if (accept != null && accept.contains(EVENTS)) {
            return new FeedRequest(after == null ? lastEventId : after, true, 0, Duration.ZERO);
        }
        int most = limit == null ? DEFAULT_LIMIT : limit;
        if (most < 1 || most > MAXIMUM_LIMIT) {
            throw new RequestException(
                    CommonError.REQUEST_INVALID,
                    "limit is from 1 to " + MAXIMUM_LIMIT + ", was " + most + ".");
        }
        return new FeedRequest(after, false, most, patience(wait));
    }

    /** The position to read from, as the reader gave it; unchecked. */
    public @Nullable String after() {
        return after;
    }

    /**
     * Answers with what {@code source} reads.
     *
     * @param event the name of the feed's events
     * @param validity how long events may be read: as long as the token is valid
     */
    public Response answer(String event, Duration validity, Source source) {
        if (isOfEvents) {
            long end = System.nanoTime() + validity.toNanos();
            StreamingOutput body = out -> source.read(new Events(out, event, end));
            return Response.ok(body, EVENTS).header("Cache-Control", "no-store").build();
        }
        StreamingOutput body = out -> source.read(new Lines(out, most, patience));
        return Response.ok(body, LINES).build();
    }

    private static Duration patience(@Nullable String wait) {
        if (wait == null) {
            return Duration.ZERO;
        }
        try {
            var patience = Duration.parse(wait);
            if (!patience.isNegative() && patience.compareTo(LONGEST_WAIT) <= 0) {
                return patience;
            }
        } catch (DateTimeParseException e) {
            throw refusedWait(wait, e);
        }
        throw refusedWait(wait, null);
    }

    private static RequestException refusedWait(
            String wait, @Nullable DateTimeParseException cause) {
        var refused =
                new RequestException(
                        CommonError.REQUEST_INVALID,
                        "wait is an ISO 8601 duration up to PT30S, was \"" + wait + "\".");
        if (cause != null) {
            refused.addSuppressed(cause);
        }
        return refused;
    }

    /** NDJSON: what is there, or the first that comes. */
    private static final class Lines implements FeedReader {
        private final OutputStream out;
        private final int most;
        private final long deadline;
        private int taken;

        private Lines(OutputStream out, int most, Duration patience) {
            this.out = out;
            this.most = most;
            this.deadline = System.nanoTime() + patience.toNanos();
        }

        @Override
        public boolean take(String json, String position) throws IOException {
            var line = "{\"position\":\"" + position + "\"," + json.substring(1) + "\n";
            out.write(line.getBytes(StandardCharsets.UTF_8));
            return ++taken < most;
        }

        @Override
        public boolean pause(boolean isAtEnd) throws IOException {
            out.flush();
            return !isAtEnd || (taken == 0 && System.nanoTime() < deadline);
        }
    }

    /** Server-sent events, until the right to read them ends. */
    private static final class Events implements FeedReader {
        private static final long HEARTBEAT_NANOS = Duration.ofSeconds(15).toNanos();

        private final OutputStream out;
        private final String event;
        private final long end;
        private long written = System.nanoTime();

        private Events(OutputStream out, String event, long end) {
            this.out = out;
            this.event = event;
            this.end = end;
        }

        @Override
        public boolean take(String json, String position) throws IOException {
            write("id: " + position + "\nevent: " + event + "\ndata: " + json + "\n\n");
            return isValid();
        }

        @Override
        public boolean pause(boolean isAtEnd) throws IOException {
            if (System.nanoTime() - written > HEARTBEAT_NANOS) {
                write(":\n\n");
            }
            return isValid();
        }

        private boolean isValid() {
            return end - System.nanoTime() > 0;
        }

        private void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
            written = System.nanoTime();
        }
    }
}
