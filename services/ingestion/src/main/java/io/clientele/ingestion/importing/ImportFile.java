package io.clientele.ingestion.importing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clientele.common.json.Json;
import io.clientele.contracts.ProgramId;
import io.clientele.ingestion.event.LineReader;
import io.clientele.ingestion.importing.RowMapper.Rejection;
import io.clientele.ingestion.registry.Registry;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file on its way to events, in two passes: {@link #survey} reads all of it, sorts what has to be
 * grouped, and finds equal rows and the latest time; {@link #next} then gives one {@link Unit}
 * after the other. The sequence of units is the same each time the same content is read, which is
 * what lets a killed job go on at a number. Heap: two runs of {@link LineSorter}, 8 bytes a row
 * where content identifies rows, and the rows of one group. Not thread-safe.
 */
final class ImportFile implements Closeable {
    /** An event has at most so many rows. */
    private static final int LARGEST_GROUP = 5_000;

    private static final String CORRECT =
            "Correct the line and import the file again; what was accepted has no second effect.";

    /** Opens the content from its beginning. */
    @FunctionalInterface
    interface Content {
        /** A new stream over it; the caller closes it. */
        InputStream open() throws IOException;
    }

    private final Content content;
    private final @Nullable Mapping mapping;
    private final Registry registry;
    private final ProgramId program;
    private final String source;
    private final LineSorter groups;
    private final LineSorter declarations;
    private final RowOrdinals ordinals = new RowOrdinals();
    private final Map<String, JsonNode> known = new HashMap<>();
    private String knownOf = "";
    private long rows;
    private @Nullable Instant latest;
    private String digest = "";
    private long shiftMillis;
    private @Nullable RowMapper mapper;
    private @Nullable RowReader reader;
    private @Nullable LineReader events;
    private @Nullable InputStream eventsIn;
    private long eventLine;
    private LineSorter.@Nullable Line ahead;
    private boolean declared;

    private ImportFile(
            Content content,
            @Nullable Mapping mapping,
            Registry registry,
            ProgramId program,
            String source,
            Path folder) {
        this.content = content;
        this.mapping = mapping;
        this.registry = registry;
        this.program = program;
        this.source = source;
        this.groups = new LineSorter(folder, LineSorter.RUN_BYTES);
        this.declarations = new LineSorter(folder, LineSorter.RUN_BYTES);
    }

    /**
     * Reads the whole file once.
     *
     * @param mapping what its rows mean, or null if its lines are events
     * @param folder for temporary files
     * @throws RowReader.FileException if it is not the file that the mapping describes
     */
    static ImportFile survey(
            Content content,
            @Nullable Mapping mapping,
            Registry registry,
            ProgramId program,
            String source,
            Path folder)
            throws IOException {
        var file = new ImportFile(content, mapping, registry, program, source, folder);
        try {
            file.survey();
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private void survey() throws IOException {
        MessageDigest whole;
        try {
            whole = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        try (var in = new DigestInputStream(content.open(), whole)) {
            if (mapping == null) {
                surveyEvents(in);
            } else {
                surveyRows(in, mapping);
            }
        }
        digest = HexFormat.of().formatHex(whole.digest());
    }

    private void surveyEvents(InputStream in) throws IOException {
        var lines = new LineReader(RowReader.plain(in, true), 262_144);
        while (lines.next()) {
            if (!lines.isBlank()) {
                rows++;
                if (parse(lines) instanceof ObjectNode event) {
                    var at = occurredAt(event);
                    latest = latest == null || (at != null && at.isAfter(latest)) ? at : latest;
                }
            }
        }
        readOut(in);
    }

    /** The digest is that of the whole content, whatever the reader left. */
    private static void readOut(InputStream in) throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
    }

    private void surveyRows(InputStream in, Mapping mapping) throws IOException {
        var plain = new RowMapper(mapping, registry, program, source, 0);
        boolean byContent = mapping.id().isEmpty() && mapping.groupBy().isEmpty();
        RowMapper.Declared before = null;
        try (var all = RowReader.open(in, mapping, plain.columns(), byContent)) {
            for (var row = all.next(); row != null; row = all.next()) {
                rows++;
                var at = plain.time(row);
                latest = latest == null || (at != null && at.isAfter(latest)) ? at : latest;
                if (byContent) {
                    ordinals.add(row);
                }
                var key = plain.groupKey(row);
                if (key != null) {
                    groups.add(
                            row.failure() == null
                                    ? new LineSorter.Line("0" + key, row.line(), row.values())
                                    : new LineSorter.Line(
                                            "1", row.line(), new String[] {row.failure()}));
                }
                var says = plain.declared(row);
                if (says != null && !says.equals(before)) {
                    declarations.add(
                            new LineSorter.Line(
                                    says.who()
                                            + "\0"
                                            + HexFormat.of()
                                                    .toHexDigits(
                                                            says.at().toEpochMilli()
                                                                    ^ Long.MIN_VALUE),
                                    row.line(),
                                    new String[] {
                                        says.who(), says.at().toString(), says.attributes()
                                    }));
                    before = says;
                }
            }
            // Here, since the reader closes the stream.
            readOut(in);
        }
        ordinals.finish();
    }

    /** Rows of the file, without its header. */
    long rows() {
        return rows;
    }

    /** When the last event of it happened; null if it has none. */
    @Nullable Instant latest() {
        return latest;
    }

    /** Names the content, as 64 hexadecimal digits. */
    String digest() {
        return digest;
    }

    /** Begins the second pass; times are moved by {@code shiftMillis}. */
    void begin(long shiftMillis) throws IOException {
        this.shiftMillis = shiftMillis;
        if (mapping == null) {
            eventsIn = content.open();
            events = new LineReader(RowReader.plain(eventsIn, true), 262_144);
        } else {
            mapper = new RowMapper(mapping, registry, program, source, shiftMillis);
        }
    }

    /** The next unit, or null at the end: first what is declared about members, then the events. */
    @Nullable Unit next() throws IOException {
        if (mapping == null || mapper == null) {
            return nextEvent();
        }
        if (!declared) {
            var declaration = nextDeclaration(mapper);
            if (declaration != null) {
                return declaration;
            }
            declared = true;
        }
        return mapping.groupBy().isEmpty() ? nextRow(mapping, mapper) : nextGroup(mapper);
    }

    private @Nullable Unit nextDeclaration(RowMapper mapper) throws IOException {
        for (var line = declarations.next(); line != null; line = declarations.next()) {
            var who = line.values()[0];
            if (!who.equals(knownOf)) {
                knownOf = who;
                known.clear();
            }
            var changed = Json.mapper().createObjectNode();
            for (var attribute : RowMapper.tree(line.values()[2]).properties()) {
                if (!attribute.getValue().equals(known.get(attribute.getKey()))) {
                    known.put(attribute.getKey(), attribute.getValue());
                    changed.set(attribute.getKey(), attribute.getValue());
                }
            }
            if (!changed.isEmpty()) {
                var at = Instant.parse(line.values()[1]).plusMillis(shiftMillis);
                return Unit.declaration(
                        line.number(),
                        mapper.declaration(new RowMapper.Declared(who, at, changed.toString())));
            }
        }
        return null;
    }

    private @Nullable Unit nextRow(Mapping mapping, RowMapper mapper) throws IOException {
        if (reader == null) {
            reader =
                    RowReader.open(
                            content.open(), mapping, mapper.columns(), mapping.id().isEmpty());
        }
        var row = reader.next();
        return row == null
                ? null
                : Unit.of(new long[] {row.line()}, mapper.map(List.of(row), ordinals.next(row)));
    }

    private @Nullable Unit nextGroup(RowMapper mapper) throws IOException {
        var first = ahead == null ? groups.next() : ahead;
        ahead = null;
        if (first == null) {
            return null;
        }
        if (first.key().equals("1")) {
            return Unit.of(
                    new long[] {first.number()},
                    mapper.map(
                            List.of(new Row(first.number(), new String[0], "", first.values()[0])),
                            1));
        }
        var members = new ArrayList<Row>();
        var lines = new ArrayList<Long>();
        LineSorter.Line line = first;
        while (line != null && line.key().equals(first.key())) {
            lines.add(line.number());
            if (members.size() <= LARGEST_GROUP) {
                members.add(new Row(line.number(), line.values(), "", null));
            }
            line = groups.next();
        }
        ahead = line;
        long[] numbers = lines.stream().mapToLong(Long::longValue).sorted().toArray();
        if (members.size() > LARGEST_GROUP) {
            return Unit.of(
                    numbers,
                    new RowMapper.Result.None(
                            new Rejection(
                                    "The group has "
                                            + numbers.length
                                            + " rows; an event has at most "
                                            + LARGEST_GROUP
                                            + " lines.",
                                    "Use more columns in groupBy.")));
        }
        return Unit.of(numbers, mapper.map(members, 1));
    }

    private @Nullable Unit nextEvent() throws IOException {
        var lines = events;
        if (lines == null) {
            throw new IllegalStateException("not begun");
        }
        do {
            if (!lines.next()) {
                return null;
            }
            eventLine++;
        } while (lines.isBlank());
        long[] number = {eventLine};
        if (!(parse(lines) instanceof ObjectNode event)) {
            return Unit.of(
                    number,
                    new RowMapper.Result.None(
                            new Rejection(
                                    lines.isTooLong()
                                            ? "The line is longer than 256 KiB."
                                            : "The line is no JSON object.",
                                    CORRECT)));
        }
        if (!event.has("source")) {
            event.put("source", source);
        }
        var at = occurredAt(event);
        if (at != null) {
            event.put("occurredAt", at.plusMillis(shiftMillis).toString());
        }
        return Unit.of(number, new RowMapper.Result.Event(event));
    }

    private static @Nullable JsonNode parse(LineReader line) throws IOException {
        if (line.isTooLong()) {
            return null;
        }
        try {
            return Json.mapper().reader().readTree(line.array(), line.offset(), line.length());
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static @Nullable Instant occurredAt(JsonNode event) {
        try {
            return event.path("occurredAt").isTextual()
                    ? OffsetDateTime.parse(event.path("occurredAt").textValue()).toInstant()
                    : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        groups.close();
        declarations.close();
        if (reader != null) {
            reader.close();
        }
        if (eventsIn != null) {
            eventsIn.close();
        }
    }
}
