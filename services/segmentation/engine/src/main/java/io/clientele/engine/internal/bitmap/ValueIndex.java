package io.clientele.engine.internal.bitmap;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.ArrayContainer;
import org.roaringbitmap.BitmapContainer;
import org.roaringbitmap.CharIterator;
import org.roaringbitmap.Container;

/**
 * Which members of a block have each code: a RoaringBitmap container a code, two bytes a member
 * where they are few and one bit a member of the block where they are many.
 *
 * <p>Not thread-safe: one writer. After the writer's epoch has gone up, a container is copied once
 * before it changes, so that a {@link #view} keeps what it saw.
 */
public final class ValueIndex {
    private static final Container[] NONE = {};

    private @Nullable Container[] members = NONE;
    private long[] epochs = {};

    /** Makes an empty index. */
    public ValueIndex() {}

    /** Says that a member has a code from now on. */
    public void add(int code, int member, long epoch) {
        if (code >= members.length) {
            int grown = Math.max(code + 1, members.length + (members.length >> 1));
            members = Arrays.copyOf(members, grown);
            epochs = Arrays.copyOf(epochs, grown);
        }
        Container known = own(code, epoch);
        members[code] =
                known == null ? new ArrayContainer(4).add((char) member) : known.add((char) member);
        epochs[code] = epoch;
    }

    /** Says that a member no longer has a code. */
    public void remove(int code, int member, long epoch) {
        Container known = own(code, epoch);
        if (known != null) {
            members[code] = known.remove((char) member);
            epochs[code] = epoch;
        }
    }

    private @Nullable Container own(int code, long epoch) {
        if (code >= members.length) {
            return null;
        }
        Container known = members[code];
        return known != null && epochs[code] < epoch ? known.clone() : known;
    }

    /**
     * Adds the members that have a code to {@code into}.
     *
     * @param room 1,024 words with anything in them
     */
    public void or(int code, long[] into, long[] room) {
        Container known = code < members.length ? members[code] : null;
        if (known == null) {
            return;
        }
        if (known instanceof BitmapContainer bitmap) {
            bitmap.copyBitmapTo(room, 0);
            // The words end where the block does.
            Bits.or(into, room, Math.min(into.length, room.length));
            return;
        }
        CharIterator each = known.getCharIterator();
        while (each.hasNext()) {
            Bits.set(into, each.next());
        }
    }

    /** How many members have a code. */
    public int count(int code) {
        Container known = code < members.length ? members[code] : null;
        return known == null ? 0 : known.getCardinality();
    }

    /** The same members; never changes. Made by the writer, read by anybody. */
    public ValueIndex view() {
        ValueIndex view = new ValueIndex();
        view.members = members.clone();
        return view;
    }

    /** Memory held, in bytes. */
    public long retainedBytes() {
        long bytes = 16L + 16L * members.length;
        for (Container container : members) {
            bytes += container == null ? 0 : 40 + container.getSizeInBytes();
        }
        return bytes;
    }
}
