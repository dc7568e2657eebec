package io.clientele.segmentation.membership;

import io.clientele.common.json.Json;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes everybody in a segment, one a line: NDJSON, or CSV with a header line. */
final class MembershipExport implements StreamingOutput {
    private final MembershipService memberships;
    private final ProgramId program;
    private final SegmentKey segment;
    private final @Nullable Instant at;
    private final boolean isCsv;

    MembershipExport(
            MembershipService memberships,
            ProgramId program,
            SegmentKey segment,
            @Nullable Instant at,
            boolean isCsv) {
        this.memberships = memberships;
        this.program = program;
        this.segment = segment;
        this.at = at;
        this.isCsv = isCsv;
    }

    @Override
    public void write(OutputStream out) throws IOException {
        if (isCsv) {
            out.write("member,since,version\r\n".getBytes(StandardCharsets.UTF_8));
        }
        try {
            memberships.stream(program, segment, at, part -> write(part, out));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void write(List<MembershipViews.Inside> part, OutputStream out) {
        try {
            for (var inside : part) {
                if (isCsv) {
                    var line =
                            quoted(inside.member().value())
                                    + ","
                                    + inside.since()
                                    + ","
                                    + inside.version()
                                    + "\r\n";
                    out.write(line.getBytes(StandardCharsets.UTF_8));
                } else {
                    out.write(Json.bytes(inside));
                    out.write('\n');
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** RFC 4180. */
    private static String quoted(String text) {
        boolean isPlain = !text.contains(",") && !text.contains("\"");
        return isPlain ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }
}
