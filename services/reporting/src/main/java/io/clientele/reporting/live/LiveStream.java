package io.clientele.reporting.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.clientele.common.json.Json;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MembershipCause;
import io.clientele.contracts.MembershipChange;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.ResponseKind;
import io.clientele.contracts.SegmentKey;
import io.clientele.reporting.program.DefinedSegments;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One client's stream of server-sent events, until the client or the service ends or the client's
 * token expires. Once a second it looks at the counts and writes what is new to this client. A
 * write waits while the client does not read; what happens meanwhile is told as one change
 * afterwards.
 */
final class LiveStream implements StreamingOutput {
    private static final Logger LOG = Logger.getLogger(LiveStream.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final LiveService live;
    private final DefinedSegments segments;
    private final Clock clock;
    private final ProgramId program;
    private final Set<LiveTopic> topics;
    private final Instant expiresAt;

    private LiveProgram seen;
    private long seenEvents;
    private long seenAtNanos;
    private long seenChanges;
    private @Nullable SortedMap<String, Long> toldSizes;
    private final Map<String, CampaignCounts> toldCampaigns = new HashMap<>();
    private long writtenAtNanos = System.nanoTime();

    /** Begins with what is now; {@link #write} tells it. */
    LiveStream(
            LiveService live,
            DefinedSegments segments,
            Clock clock,
            ProgramId program,
            Set<LiveTopic> topics,
            Instant expiresAt) {
        this.live = live;
        this.segments = segments;
        this.clock = clock;
        this.program = program;
        this.topics = Set.copyOf(topics);
        this.expiresAt = expiresAt;
        this.seen = live.program(program);
        this.seenEvents = seen.events();
        this.seenAtNanos = System.nanoTime();
        this.seenChanges = seen.changeCount();
    }

    /** Member events within the second before {@code at}, and all there have been. */
    record Events(Instant at, long perSecond, long total) {}

    /** Members inside each segment. */
    record Sizes(Instant asOf, SortedMap<String, Long> sizes) {}

    /** One entry or exit, and how many before it this stream did not tell. */
    record Membership(
            MemberId member,
            SegmentKey segment,
            MembershipChange change,
            Instant at,
            Instant recordedAt,
            MembershipCause cause,
            long leftOut) {}

    /** A campaign so far; every kind of response is there. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Campaign(String campaign, long contacts, Map<ResponseKind, Long> responses) {}

    @Override
    public void write(OutputStream out) throws IOException {
        live.begin();
        try {
            out.write("retry: 2000\n\n".getBytes(StandardCharsets.UTF_8));
            do {
                byte[] news = news();
                if (news.length > 0) {
                    out.write(news);
                    out.flush();
                    writtenAtNanos = System.nanoTime();
                }
            } while (!live.awaitStop(TICK) && clock.instant().isBefore(expiresAt));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            live.end();
        }
    }

    private byte[] news() throws IOException {
        var news = new ByteArrayOutputStream();
        try {
            tell(live.program(program), news);
        } catch (RuntimeException e) {
            // Only when PostgreSQL is asked again after a failure; the next second tries anew.
            LOG.warnf("live counts are not to be had program=%s reason=%s", program, e);
        }
        if (news.size() == 0 && System.nanoTime() - writtenAtNanos > HEARTBEAT.toNanos()) {
            news.write(":\n\n".getBytes(StandardCharsets.UTF_8));
        }
        return news.toByteArray();
    }

    private void tell(LiveProgram now, ByteArrayOutputStream news) throws IOException {
        if (now != seen) {
            // Counted anew after a failure: what was missed is not known.
            seen = now;
            seenChanges = now.changeCount();
            seenEvents = Math.min(seenEvents, now.events());
        }
        if (topics.contains(LiveTopic.EVENTS)) {
            events(now, news);
        }
        if (topics.contains(LiveTopic.SEGMENTS)) {
            sizes(now, news);
            memberships(now, news);
        }
        if (topics.contains(LiveTopic.CAMPAIGNS)) {
            campaigns(now, news);
        }
    }

    private void events(LiveProgram now, ByteArrayOutputStream news) throws IOException {
        long total = now.events();
        long nanos = System.nanoTime();
        long elapsed = Math.max(nanos - seenAtNanos, TICK.toNanos());
        long perSecond = Math.round((total - seenEvents) * (double) TICK.toNanos() / elapsed);
        seenEvents = total;
        seenAtNanos = nanos;
        tell(news, "events", new Events(clock.instant(), perSecond, total));
    }

    private void sizes(LiveProgram now, ByteArrayOutputStream news) throws IOException {
        var sizes = new TreeMap<String, Long>();
        segments.active(program).forEach(segment -> sizes.put(segment, 0L));
        now.sizes()
                .forEach((segment, size) -> {
                    if (size != 0 || sizes.containsKey(segment)) {
                        sizes.put(segment, size);
                    }
                });
        if (!sizes.equals(toldSizes)) {
            toldSizes = sizes;
            tell(news, "segments", new Sizes(live.asOf(), sizes));
        }
    }

    private void memberships(LiveProgram now, ByteArrayOutputStream news) throws IOException {
        var after = now.changesAfter(seenChanges);
        seenChanges = after.count();
        long leftOut = after.leftOut();
        for (var change : after.changes()) {
            tell(
                    news,
                    "membership",
                    new Membership(
                            change.member(),
                            change.segment(),
                            change.change(),
                            change.at(),
                            change.recordedAt(),
                            change.cause(),
                            leftOut));
            leftOut = 0;
        }
    }

    private void campaigns(LiveProgram now, ByteArrayOutputStream news) throws IOException {
        for (var entry : now.campaigns().entrySet()) {
            var counts = entry.getValue();
            if (!counts.equals(toldCampaigns.put(entry.getKey(), counts))) {
                var responses = new EnumMap<ResponseKind, Long>(ResponseKind.class);
                for (var kind : ResponseKind.values()) {
                    responses.put(kind, counts.responses().getOrDefault(kind, 0L));
                }
                tell(news, "campaigns", new Campaign(entry.getKey(), counts.contacts(), responses));
            }
        }
    }

    private static void tell(ByteArrayOutputStream news, String event, Object data)
            throws IOException {
        news.write(("event: " + event + "\ndata: ").getBytes(StandardCharsets.UTF_8));
        news.write(Json.bytes(data));
        news.write("\n\n".getBytes(StandardCharsets.UTF_8));
    }
}
