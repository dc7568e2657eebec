package io.clientele.ingestion.event;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a stream into lines, in bounded memory. A line over the limit is passed over and reported as
 * such. Not thread-safe.
 */
public final class LineReader {
    private final InputStream in;
    private final int limit;
    private byte[] buffer = new byte[65_536];
    private int start;
    private int end;
    private int lineStart;
    private int lineLength;
    private boolean tooLong;
    private boolean atEnd;

    /**
     * Over a stream.
     *
     * @param in the caller closes it
     * @param limit longest line, in bytes, without its end
     */
    public LineReader(InputStream in, int limit) {
        this.in = in;
        this.limit = limit;
    }

    /**
     * Goes to the next line.
     *
     * @return false at the end of the stream
     * @throws IOException if the stream breaks off
     */
    public boolean next() throws IOException {
        tooLong = false;
        int searched = 0;
        while (true) {
            for (int i = start + searched; i < end; i++) {
                if (buffer[i] == '\n') {
                    take(i);
                    start = i + 1;
                    return true;
                }
            }
            searched = end - start;
            if (searched > limit + 1) {
                tooLong = true;
                start = end;
                searched = 0;
            }
            if (atEnd) {
                if (start == end && !tooLong) {
                    return false;
                }
                take(end);
                start = end;
                return true;
            }
            fill();
        }
    }

    private void fill() throws IOException {
        if (end == buffer.length && start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int read = in.read(buffer, end, buffer.length - end);
        if (read < 0) {
            atEnd = true;
        } else {
            end += read;
        }
    }

    private void take(int lineEnd) {
        lineStart = start;
        lineLength = lineEnd - start;
        if (lineLength > 0 && buffer[lineEnd - 1] == '\r') {
            lineLength--;
        }
        tooLong |= lineLength > limit;
    }

    /** The present line's bytes are in this array; valid until {@link #next()}. */
    public byte[] array() {
        return buffer;
    }

    /** Where the present line begins. */
    public int offset() {
        return lineStart;
    }

    /** Its length in bytes. */
    public int length() {
        return lineLength;
    }

    /** True if the present line is over the limit; its content is gone. */
    public boolean isTooLong() {
        return tooLong;
    }

    /** True if the present line is empty or blank. */
    public boolean isBlank() {
        for (int i = lineStart; i < lineStart + lineLength; i++) {
            if (buffer[i] > ' ' || buffer[i] < 0) {
                return false;
            }
        }
        return !tooLong;
    }
}
