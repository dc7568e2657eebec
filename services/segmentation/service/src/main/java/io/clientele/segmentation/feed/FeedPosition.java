package io.clientele.segmentation.feed;

import io.clientele.common.problem.RequestException;
import io.clientele.segmentation.SegmentationError;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far a reader of a feed has come: the next offset of each partition. Opaque to readers, safe
 * in a URL.
 */
record FeedPosition(List<Long> offsets) {
    FeedPosition {
        offsets = List.copyOf(offsets);
    }

    /** Before everything that is kept. */
    static FeedPosition beginning(int partitions) {
        return new FeedPosition(Collections.nCopies(partitions, 0L));
    }

    /**
     * Reads what {@link #text()} wrote.
     *
     * @throws RequestException 400 if it is something else
     */
    static FeedPosition parse(@Nullable String text, int partitions) {
        if (text == null || text.isBlank()) {
            return beginning(partitions);
        }
        try {
            var decoded = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            var offsets =
                    Arrays.stream(decoded.split(",", -1)).map(Long::parseUnsignedLong).toList();
            if (offsets.size() == partitions) {
                return new FeedPosition(offsets);
            }
        } catch (IllegalArgumentException e) {
            throw refused(e);
        }
        throw refused(null);
    }

    /** With a record of a partition read. */
    FeedPosition after(int partition, long offset) {
        var next = offsets.toArray(Long[]::new);
        next[partition] = offset + 1;
        return new FeedPosition(List.of(next));
    }

    /** For {@code ?after=}. */
    String text() {
        var joined = offsets.stream().map(String::valueOf).collect(Collectors.joining(","));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(joined.getBytes(StandardCharsets.UTF_8));
    }

    private static RequestException refused(@Nullable IllegalArgumentException cause) {
        var refused =
                new RequestException(
                        SegmentationError.POSITION_INVALID,
                        "after is the position of a line that this feed gave; this is none.");
        if (cause != null) {
            refused.addSuppressed(cause);
        }
        return refused;
    }
}
