package io.clientele.profile.identity;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;

/** Where a resolved record says how its member was found. */
public final class ResolutionHeader {
    private static final String NAME = "clientele_resolution";

    private ResolutionHeader() {}

    /** Writes the header. */
    public static void write(Headers headers, Resolution resolution) {
        headers.add(NAME, resolution.name().getBytes(StandardCharsets.UTF_8));
    }

    /** Reads the header; a record without one is {@link Resolution#NAMED}. */
    public static Resolution read(Headers headers) {
        var header = headers.lastHeader(NAME);
        return header == null
                ? Resolution.NAMED
                : Resolution.valueOf(new String(header.value(), StandardCharsets.UTF_8));
    }
}
