package io.clientele.ingestion.importing;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sorts any number of lines in bounded memory: sorted runs of about {@link #RUN_BYTES} go to
 * temporary files and are merged as they are read. Lines come back by key, then by content, then by
 * number, so that equal input in another order gives the same sequence but for the numbers. Not
 * thread-safe.
 */
final class LineSorter implements Closeable {
    /** About so much heap holds lines before they go to a file. */
    static final long RUN_BYTES = 24L * 1024 * 1024;

    private static final Comparator<Line> ORDER =
            Comparator.comparing(Line::key)
                    .thenComparing(Line::values, Arrays::compare)
                    .thenComparingLong(Line::number);

    /**
     * What is sorted.
     *
     * @param key sorts first
     * @param number where it came from
     * @param values what it holds
     */
    record Line(String key, long number, String[] values) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Line line && ORDER.compare(this, line) == 0;
        }

        @Override
        public int hashCode() {
            return key.hashCode();
        }
    }

    private final Path folder;
    private final long runBytes;
    private final List<Path> runs = new ArrayList<>();
    private final List<DataInputStream> open = new ArrayList<>();
    private List<Line> held = new ArrayList<>();
    private long heldBytes;
    private @Nullable PriorityQueue<Head> heads;

    /**
     * @param folder for temporary files; exists
     * @param runBytes about so much heap is used
     */
    LineSorter(Path folder, long runBytes) {
        this.folder = folder;
        this.runBytes = runBytes;
    }

    /** Adds a line; only before {@link #next()}. */
    void add(Line line) throws IOException {
        held.add(line);
        heldBytes += 96 + 2L * line.key().length();
        for (var value : line.values()) {
            heldBytes += 56 + value.length();
        }
        if (heldBytes > runBytes) {
            spill();
        }
    }

    private void spill() throws IOException {
        held.sort(ORDER);
        var file = Files.createTempFile(folder, "run-", ".lines");
        runs.add(file);
        try (var out =
                new DataOutputStream(
                        new BufferedOutputStream(Files.newOutputStream(file), 65_536))) {
            for (var line : held) {
                write(out, line.key());
                out.writeLong(line.number());
                out.writeInt(line.values().length);
                for (var value : line.values()) {
                    write(out, value);
                }
            }
        }
        held = new ArrayList<>();
        heldBytes = 0;
    }

    /** The next line in order, or null at the end. */
    @Nullable Line next() throws IOException {
        if (heads == null) {
            heads = begin();
        }
        var head = heads.poll();
        if (head == null) {
            return null;
        }
        var line = head.line;
        if (head.advance()) {
            heads.add(head);
        }
        return line;
    }

    private PriorityQueue<Head> begin() throws IOException {
        var queue = new PriorityQueue<Head>(Comparator.comparing((Head it) -> it.line, ORDER));
        held.sort(ORDER);
        var last = new Head(null, held);
        if (last.advance()) {
            queue.add(last);
        }
        for (var run : runs) {
            var in =
                    new DataInputStream(new BufferedInputStream(Files.newInputStream(run), 65_536));
            open.add(in);
            var head = new Head(in, List.of());
            if (head.advance()) {
                queue.add(head);
            }
        }
        return queue;
    }

    /** Where a run is being read. */
    private static final class Head {
        private static final Line NONE = new Line("", 0, new String[0]);

        private final @Nullable DataInputStream in;
        private final List<Line> held;
        private int position;
        private Line line = NONE;

        private Head(@Nullable DataInputStream in, List<Line> held) {
            this.in = in;
            this.held = held;
        }

        private boolean advance() throws IOException {
            if (in == null) {
                if (position == held.size()) {
                    return false;
                }
                line = held.get(position++);
                return true;
            }
            String key;
            try {
                key = read(in);
            } catch (EOFException e) {
                return false;
            }
            long number = in.readLong();
            var values = new String[in.readInt()];
            for (int i = 0; i < values.length; i++) {
                values[i] = read(in);
            }
            line = new Line(key, number, values);
            return true;
        }
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String read(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        for (var in : open) {
            in.close();
        }
        for (var run : runs) {
            Files.deleteIfExists(run);
        }
        held = new ArrayList<>();
    }
}
