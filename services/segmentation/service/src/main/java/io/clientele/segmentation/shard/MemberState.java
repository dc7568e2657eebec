package io.clientele.segmentation.shard;

import io.clientele.contracts.MemberKind;
import io.clientele.contracts.MembershipCause;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where one member stands: its memberships, when each may change by the clock, and what was
 * published. Segments are named by their numbers in the partition ({@link SegmentPlan#number()}).
 * Instants are epoch milliseconds. Not thread-safe.
 */
final class MemberState {
    static final long NEVER = Long.MAX_VALUE;
    private static final int FORMAT = 1;

    /**
     * A member and a segment.
     *
     * @param since since when inside; {@link #NEVER} if outside
     * @param version the version that says so; 0 if outside
     * @param due the next instant at which the clock may change it, or {@link #NEVER}
     */
    record Standing(long since, int version, long due) {
        static final Standing OUTSIDE = new Standing(NEVER, 0, NEVER);

        boolean inside() {
            return since != NEVER;
        }
    }

    /**
     * Something that counts from an instant the shard's clock has not reached.
     *
     * @param at when
     * @param segments the numbers of the segments it may change
     */
    record Pending(long at, MembershipCause cause, String causeId, int[] segments) {
        boolean touches(int segment) {
            for (int candidate : segments) {
                if (candidate == segment) {
                    return true;
                }
            }
            return false;
        }
    }

    private MemberKind kind = MemberKind.PROSPECT;
    private long sequence;
    private final TreeMap<Integer, Standing> standings = new TreeMap<>();
    private final List<Pending> pending = new ArrayList<>(0);

    MemberKind kind() {
        return kind;
    }

    void kind(MemberKind now) {
        kind = now;
    }

    /** Of the latest published change; 0 before the first. */
    long sequence() {
        return sequence;
    }

    long nextSequence() {
        return ++sequence;
    }

    Standing standing(int segment) {
        return standings.getOrDefault(segment, Standing.OUTSIDE);
    }

    /** By number of segment; those neither inside nor due are left out. */
    Map<Integer, Standing> standings() {
        return standings;
    }

    void put(int segment, Standing standing) {
        if (standing.equals(Standing.OUTSIDE)) {
            standings.remove(segment);
        } else {
            standings.put(segment, standing);
        }
    }

    /** The earliest instant at which anything may change by the clock, or {@link #NEVER}. */
    long due() {
        long due = NEVER;
        for (var standing : standings.values()) {
            due = Math.min(due, standing.due());
        }
        return due;
    }

    void await(Pending event) {
        pending.add(event);
    }

    /** What a change of {@code segment} at {@code at} is owed to, or null if to the clock. */
    @Nullable Pending pendingAt(long at, int segment) {
        Pending found = null;
        for (var candidate : pending) {
            if (candidate.at() == at && candidate.touches(segment)) {
                found = candidate;
            }
        }
        return found;
    }

    /** Forgets what waited for an instant up to {@code clock}. */
    void settledThrough(long clock) {
        pending.removeIf(event -> event.at() <= clock);
    }

    byte[] encode() {
        var bytes = new ByteArrayOutputStream(32 + 16 * standings.size());
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeByte(kind.ordinal());
            writeWhole(out, sequence);
            writeWhole(out, standings.size());
            for (var entry : standings.entrySet()) {
                var standing = entry.getValue();
                writeWhole(out, entry.getKey());
                out.writeByte((standing.inside() ? 1 : 0) | (standing.due() != NEVER ? 2 : 0));
                if (standing.inside()) {
                    out.writeLong(standing.since());
                    writeWhole(out, standing.version());
                }
                if (standing.due() != NEVER) {
                    out.writeLong(standing.due());
                }
            }
            writeWhole(out, pending.size());
            for (var event : pending) {
                out.writeLong(event.at());
                out.writeByte(event.cause().ordinal());
                out.writeUTF(event.causeId());
                writeWhole(out, event.segments().length);
                for (int segment : event.segments()) {
                    writeWhole(out, segment);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static MemberState decode(byte[] bytes) {
        var state = new MemberState();
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int format = in.readByte();
            if (format != FORMAT) {
                throw new IllegalArgumentException(
                        "where a member stands is stored in format "
                                + format
                                + ", which a later version wrote; this one reads "
                                + FORMAT);
            }
            state.kind = MemberKind.values()[in.readByte()];
            state.sequence = readWhole(in);
            long standings = readWhole(in);
            for (long i = 0; i < standings; i++) {
                int segment = (int) readWhole(in);
                int flags = in.readByte();
                long since = (flags & 1) != 0 ? in.readLong() : NEVER;
                int version = (flags & 1) != 0 ? (int) readWhole(in) : 0;
                long due = (flags & 2) != 0 ? in.readLong() : NEVER;
                state.standings.put(segment, new Standing(since, version, due));
            }
            long pending = readWhole(in);
            for (long i = 0; i < pending; i++) {
                long at = in.readLong();
                var cause = MembershipCause.values()[in.readByte()];
                var causeId = in.readUTF();
                int[] segments = new int[(int) readWhole(in)];
                for (int j = 0; j < segments.length; j++) {
                    segments[j] = (int) readWhole(in);
                }
                state.pending.add(new Pending(at, cause, causeId, segments));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return state;
    }

    private static void writeWhole(DataOutputStream out, long value) throws IOException {
        long rest = value;
        while (rest >= 0x80) {
            out.writeByte((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    private static long readWhole(DataInputStream in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = in.readByte();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IOException("a whole number of more than 64 bits");
    }
}
