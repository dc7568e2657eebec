package io.clientele.ingestion.importing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import io.clientele.common.json.Json;
import io.clientele.ingestion.event.LineReader;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file's rows one by one, in bounded memory. A gzipped file is recognized by its first
 * bytes. Not thread-safe.
 */
abstract sealed class RowReader implements Closeable {
    private static final int LONGEST_LINE = 1_048_576;

    /** Numbers up to so many places are written out; 1e999999999 would fill the heap. */
    private static final int PLAIN_PLACES = 100;

    /** A file that is not what its mapping says: no row of it can be read. */
    static final class FileException extends RuntimeException {
        FileException(String message) {
            super(message);
        }
    }

    /**
     * Opens a file.
     *
     * @param content as it was sent
     * @param mapping says what the file is
     * @param columns whose values are wanted, in this order
     * @param digests true: rows get their digest
     * @throws FileException if a column is missing
     */
    static RowReader open(
            InputStream content, Mapping mapping, List<String> columns, boolean digests)
            throws IOException {
        var charset = Charset.forName(mapping.charset());
        var in = plain(content, charset.equals(StandardCharsets.UTF_8));
        return switch (mapping.format()) {
            case CSV -> new Csv(in, mapping, charset, columns, digests);
            case NDJSON -> new Ndjson(in, columns, digests);
        };
    }

    /** Without gzip and without the mark that some programs put before UTF-8. */
    static InputStream plain(InputStream content, boolean utf8) throws IOException {
        var in = unzipped(content);
        if (!utf8) {
            return in;
        }
        var marked = new PushbackInputStream(in, 3);
        byte[] first = marked.readNBytes(3);
        boolean mark =
                first.length == 3
                        && first[0] == (byte) 0xEF
                        && first[1] == (byte) 0xBB
                        && first[2] == (byte) 0xBF;
        if (!mark) {
            marked.unread(first);
        }
        return marked;
    }

    private static InputStream unzipped(InputStream content) throws IOException {
        var in = new PushbackInputStream(content, 2);
        byte[] first = in.readNBytes(2);
        in.unread(first);
        boolean zipped = first.length == 2 && first[0] == 0x1F && first[1] == (byte) 0x8B;
        return zipped ? new GZIPInputStream(in, 65_536) : in;
    }

    /** The next row, or null at the end. */
    abstract @Nullable Row next() throws IOException;

    private static final class Csv extends RowReader {
        private final CSVParser parser;
        private final Iterator<CSVRecord> records;
        private final String[] header;
        private final int[] columns;
        private final @Nullable Digest digest;

        private Csv(
                InputStream in,
                Mapping mapping,
                Charset charset,
                List<String> wanted,
                boolean digests)
                throws IOException {
            var format =
                    CSVFormat.RFC4180
                            .builder()
                            .setDelimiter(mapping.delimiter())
                            .setIgnoreEmptyLines(true)
                            .get();
            parser =
                    CSVParser.builder()
                            .setReader(
                                    new BufferedReader(new InputStreamReader(in, charset), 65_536))
                            .setFormat(format)
                            .get();
            records = parser.iterator();
            var first = read(parser, records);
            if (first == null) {
                throw new FileException("The file is empty; a CSV file begins with its header.");
            }
            header = first.values();
            var names = Arrays.asList(header);
            columns = new int[wanted.size()];
            var missing = new ArrayList<String>();
            for (int i = 0; i < columns.length; i++) {
                columns[i] = names.indexOf(wanted.get(i));
                if (columns[i] < 0) {
                    missing.add(wanted.get(i));
                }
            }
            if (!missing.isEmpty()) {
                throw new FileException(
                        "The mapping uses columns that the file does not have: "
                                + String.join(", ", missing)
                                + ". The file has: "
                                + String.join(", ", names)
                                + ".");
            }
            digest = digests ? new Digest() : null;
        }

        /** The next record, or null at the end. */
        private static @Nullable CSVRecord read(CSVParser parser, Iterator<CSVRecord> records)
                throws IOException {
            try {
                return records.hasNext() ? records.next() : null;
            } catch (UncheckedIOException e) {
                if (e.getCause() instanceof CSVException) {
                    throw new FileException(
                            "The file is no CSV from line "
                                    + (parser.getCurrentLineNumber() + 1)
                                    + " on: "
                                    + e.getCause().getMessage());
                }
                throw e.getCause();
            }
        }

        @Override
        @Nullable Row next() throws IOException {
            var record = read(parser, records);
            if (record == null) {
                return null;
            }
            long line = parser.getCurrentLineNumber();
            if (record.size() != header.length) {
                return new Row(
                        line,
                        new String[0],
                        "",
                        "The row has " + record.size() + " columns, the header " + header.length);
            }
            var values = new String[columns.length];
            for (int i = 0; i < columns.length; i++) {
                values[i] = record.get(columns[i]).strip();
            }
            var name = "";
            if (digest != null) {
                var whole = new TreeMap<String, String>();
                for (int i = 0; i < header.length; i++) {
                    whole.put(header[i], record.get(i));
                }
                whole.forEach((column, value) -> {
                    digest.add(column);
                    digest.add(value);
                });
                name = digest.finish();
            }
            return new Row(line, values, name, null);
        }

        @Override
        public void close() throws IOException {
            parser.close();
        }
    }

    private static final class Ndjson extends RowReader {
        private static final ObjectReader READER = Json.mapper().reader();

        private final InputStream in;
        private final LineReader lines;
        private final List<String> columns;
        private final @Nullable Digest digest;
        private long line;

        private Ndjson(InputStream in, List<String> columns, boolean digests) {
            this.in = in;
            this.lines = new LineReader(in, LONGEST_LINE);
            this.columns = columns;
            this.digest = digests ? new Digest() : null;
        }

        @Override
        @Nullable Row next() throws IOException {
            do {
                if (!lines.next()) {
                    return null;
                }
                line++;
            } while (lines.isBlank());
            if (lines.isTooLong()) {
                return failed("The line is longer than 1 MiB");
            }
            JsonNode object;
            try {
                object = READER.readTree(lines.array(), lines.offset(), lines.length());
            } catch (JsonProcessingException e) {
                return failed("The line is no JSON: " + e.getOriginalMessage());
            }
            if (!object.isObject()) {
                return failed("The line is no JSON object");
            }
            var values = new String[columns.size()];
            for (int i = 0; i < values.length; i++) {
                var column = columns.get(i);
                var node = column.startsWith("/") ? object.at(column) : object.path(column);
                values[i] =
                        node.isMissingNode() || node.isNull()
                                ? ""
                                : node.isNumber()
                                        ? text(node.decimalValue())
                                        : node.isContainerNode()
                                                ? node.toString()
                                                : node.asText().strip();
            }
            var name = "";
            if (digest != null) {
                digest.addSorted(object);
                name = digest.finish();
            }
            return new Row(line, values, name, null);
        }

        private static String text(BigDecimal number) {
            return Math.abs((long) number.scale()) <= PLAIN_PLACES
                    ? number.toPlainString()
                    : number.toString();
        }

        private Row failed(String why) {
            return new Row(line, new String[0], "", why);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** Names content: the same content has the same name, whatever the order of its columns. */
    static final class Digest {
        private final MessageDigest digest;

        Digest() {
            try {
                digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }

        void add(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            for (int shift = 24; shift >= 0; shift -= 8) {
                digest.update((byte) (bytes.length >>> shift));
            }
            digest.update(bytes);
        }

        private void addSorted(JsonNode node) {
            if (node.isObject()) {
                var sorted = new TreeMap<String, JsonNode>();
                node.properties().forEach(it -> sorted.put(it.getKey(), it.getValue()));
                add("{");
                sorted.forEach((name, value) -> {
                    add(name);
                    addSorted(value);
                });
                add("}");
            } else if (node.isArray()) {
                add("[");
                node.forEach(this::addSorted);
                add("]");
            } else {
                add(node.toString());
            }
        }

        /** 32 hexadecimal digits; begins anew. */
        String finish() {
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        }
    }
}
