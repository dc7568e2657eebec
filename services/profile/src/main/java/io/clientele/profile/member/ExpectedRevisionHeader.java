package io.clientele.profile.member;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Where the record of an edit says which revision the edit was made on. */
final class ExpectedRevisionHeader {
    private static final String NAME = "clientele_expected_revision";

    private ExpectedRevisionHeader() {}

    static void write(Headers headers, ExpectedRevision expected) {
        headers.add(NAME, Long.toString(expected.revision()).getBytes(StandardCharsets.UTF_8));
    }

    static @Nullable ExpectedRevision read(Headers headers) {
        var header = headers.lastHeader(NAME);
        return header == null
                ? null
                : new ExpectedRevision(
                        Long.parseLong(new String(header.value(), StandardCharsets.UTF_8)));
    }
}
