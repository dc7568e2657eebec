package io.clientele.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a history. A byte for the version, then attributes, events and retractions,
 * and from version 2 on scores and transitions; a history without those is written in version 1.
 * Whole numbers are varints; texts other than ids are written once and then referred to by number,
 * and names that every program uses have numbers from the start.
 */
final class HistoryCodec {
    private static final byte VERSION = 2;

    /** Without scores and transitions. */
    private static final byte FIRST_VERSION = 1;

    /** Part of version 1: never change, only add a version. */
    private static final String[] KNOWN = {
        "purchase",
        "return",
        "amount",
        "currency",
        "store",
        "channel",
        "discount",
        "tax",
        "sku",
        "quantity",
        "category",
        "brand",
        "cost",
        "enrollment",
        "profile.updated",
        "points.earned",
        "points.spent",
        "points.expired",
        "points",
        "balance",
        "reward.redeemed",
        "reward",
        "value",
        "tier.changed",
        "to",
        "from",
        "until",
        "page.viewed",
        "product.viewed",
        "app.opened",
        "message.sent",
        "message.delivered",
        "message.opened",
        "message.clicked",
        "campaign",
        "offer",
        "country",
        "city",
        "gender",
        "birthDate",
        "online",
        "mobile",
        "web",
        "email",
        "USD",
        "EUR",
        "GBP",
        "coupons",
    };

    private static final Map<String, Integer> KNOWN_NUMBERS = numbers();

    private static final int TAG_UNSET = 0;
    private static final int TAG_TEXT = 1;
    private static final int TAG_TRUE = 2;
    private static final int TAG_FALSE = 3;
    private static final int TAG_DAY = 4;
    private static final int TAG_MOMENT = 5;
    private static final int TAG_PLACE = 6;
    private static final int TAG_TEXTS = 7;

    /** Plus the number of decimal places, 0 to 6. */
    private static final int TAG_NUMBER = 8;

    private static final long[] POWERS = {1_000_000, 100_000, 10_000, 1_000, 100, 10, 1};

    private HistoryCodec() {}

    private static Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < KNOWN.length; i++) {
            numbers.put(KNOWN[i], i + 1);
        }
        return Map.copyOf(numbers);
    }

    /** Writes one history. */
    static final class Encoder {
        private byte[] bytes = new byte[256];
        private int length;
        private final Map<String, Integer> dictionary = new HashMap<>();

        byte[] encode(MemberHistory history) {
            boolean first = history.scores.isEmpty() && history.transitions.isEmpty();
            bytes[length++] = first ? FIRST_VERSION : VERSION;
            writeVersions(history.attributes);
            writeWhole(history.events.size());
            long before = 0;
            for (StoredEvent event : history.events) {
                writeSigned(event.at() - before);
                before = event.at();
                writeText(event.source());
                writeId(event.id());
                writeText(event.type());
                writeProperties(event.names(), event.values());
                writeWhole(event.lines().length);
                for (StoredEvent.Line line : event.lines()) {
                    writeProperties(line.names(), line.values());
                }
            }
            List<MemberHistory.Reference> retracted = new ArrayList<>(history.retracted);
            retracted.sort(
                    Comparator.comparing(MemberHistory.Reference::source)
                            .thenComparing(MemberHistory.Reference::id));
            writeWhole(retracted.size());
            for (MemberHistory.Reference reference : retracted) {
                writeText(reference.source());
                writeId(reference.id());
            }
            if (!first) {
                writeVersions(history.scores);
                writeInstants(history.transitions.all(true));
                writeInstants(history.transitions.all(false));
            }
            return Arrays.copyOf(bytes, length);
        }

        private void writeVersions(Map<String, ArrayList<StoredVersion>> all) {
            writeWhole(all.size());
            all.forEach((name, versions) -> {
                writeText(name);
                writeWhole(versions.size());
                for (StoredVersion version : versions) {
                    writeSigned(version.at());
                    writeText(version.source());
                    writeId(version.id());
                    writeValue(version.value());
                }
            });
        }

        private void writeInstants(Map<String, long[]> all) {
            writeWhole(all.size());
            all.forEach((segment, instants) -> {
                writeText(segment);
                writeWhole(instants.length);
                long before = 0;
                for (long instant : instants) {
                    writeSigned(instant - before);
                    before = instant;
                }
            });
        }

        private void writeProperties(String[] names, Value[] values) {
            writeWhole(names.length);
            for (int i = 0; i < names.length; i++) {
                writeText(names[i]);
                writeValue(values[i]);
            }
        }

        private void writeValue(@Nullable Value value) {
            switch (value) {
                case null -> writeByte(TAG_UNSET);
                case Value.Text text -> {
                    writeByte(TAG_TEXT);
                    writeText(text.original());
                }
                case Value.Num(long scaled) -> {
                    int places = 0;
                    while (scaled % POWERS[places] != 0) {
                        places++;
                    }
                    writeByte(TAG_NUMBER + places);
                    writeSigned(scaled / POWERS[places]);
                }
                case Value.Flag(boolean flag) -> writeByte(flag ? TAG_TRUE : TAG_FALSE);
                case Value.Day(long day) -> {
                    writeByte(TAG_DAY);
                    writeSigned(day);
                }
                case Value.Moment(long millis) -> {
                    writeByte(TAG_MOMENT);
                    writeSigned(millis);
                }
                case Value.Place(double latitude, double longitude) -> {
                    writeByte(TAG_PLACE);
                    writeEight(Double.doubleToLongBits(latitude));
                    writeEight(Double.doubleToLongBits(longitude));
                }
                case Value.Texts(List<Value.Text> elements) -> {
                    writeByte(TAG_TEXTS);
                    writeWhole(elements.size());
                    for (Value.Text element : elements) {
                        writeText(element.original());
                    }
                }
            }
        }

        private void writeText(String text) {
            Integer known = KNOWN_NUMBERS.get(text);
            if (known == null) {
                known = dictionary.get(text);
            }
            if (known != null) {
                writeWhole(known);
                return;
            }
            writeWhole(0);
            writeId(text);
            dictionary.put(text, KNOWN.length + dictionary.size() + 1);
        }

        private void writeId(String text) {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            writeWhole(encoded.length);
            ensure(encoded.length);
            System.arraycopy(encoded, 0, bytes, length, encoded.length);
            length += encoded.length;
        }

        private void writeSigned(long value) {
            writeWhole((value << 1) ^ (value >> 63));
        }

        private void writeWhole(long value) {
            ensure(10);
            long left = value;
            while ((left & ~0x7FL) != 0) {
                bytes[length++] = (byte) ((left & 0x7F) | 0x80);
                left >>>= 7;
            }
            bytes[length++] = (byte) left;
        }

        private void writeEight(long value) {
            for (int shift = 56; shift >= 0; shift -= 8) {
                writeByte((int) (value >>> shift));
            }
        }

        private void writeByte(int value) {
            ensure(1);
            bytes[length++] = (byte) value;
        }

        private void ensure(int more) {
            if (bytes.length - length < more) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
            }
        }
    }

    /** Reads one history. */
    static final class Decoder {
        private static final String[] NO_NAMES = {};
        private static final Value[] NO_VALUES = {};

        private final byte[] bytes;
        private int position;
        private String[] dictionary = new String[16];
        private int dictionarySize;

        Decoder(byte[] bytes) {
            this.bytes = bytes;
        }

        MemberHistory decode(String member) {
            if (bytes.length == 0 || bytes[0] < FIRST_VERSION || bytes[0] > VERSION) {
                throw new IllegalArgumentException(
                        "a member's history begins with version "
                                + FIRST_VERSION
                                + " to "
                                + VERSION
                                + ", came "
                                + (bytes.length == 0 ? "nothing" : bytes[0]));
            }
            try {
                position = 1;
                MemberHistory history = read(member);
                if (position != bytes.length) {
                    throw new IllegalArgumentException(
                            "a member's history has " + (bytes.length - position) + " bytes left");
                }
                return history;
            } catch (IndexOutOfBoundsException | NegativeArraySizeException damaged) {
                throw new IllegalArgumentException(
                        "a member's history is damaged at byte " + position, damaged);
            }
        }

        private MemberHistory read(String member) {
            TreeMap<String, ArrayList<StoredVersion>> attributes = readVersions();
            int eventCount = readCount();
            ArrayList<StoredEvent> events = new ArrayList<>(eventCount + 1);
            long at = 0;
            for (int i = 0; i < eventCount; i++) {
                at += readSigned();
                events.add(readEvent(at));
            }
            int retractedCount = readCount();
            Set<MemberHistory.Reference> retracted = HashSet.newHashSet(retractedCount);
            for (int i = 0; i < retractedCount; i++) {
                retracted.add(new MemberHistory.Reference(readText(), readId()));
            }
            Transitions transitions = new Transitions();
            TreeMap<String, ArrayList<StoredVersion>> scores =
                    bytes[0] == FIRST_VERSION ? new TreeMap<>() : readVersions();
            if (bytes[0] != FIRST_VERSION) {
                readInstants(transitions, true);
                readInstants(transitions, false);
            }
            return new MemberHistory(member, attributes, scores, events, retracted, transitions);
        }

        private TreeMap<String, ArrayList<StoredVersion>> readVersions() {
            TreeMap<String, ArrayList<StoredVersion>> all = new TreeMap<>();
            int names = readCount();
            for (int i = 0; i < names; i++) {
                String name = readText();
                int count = readCount();
                ArrayList<StoredVersion> versions = new ArrayList<>(count);
                for (int j = 0; j < count; j++) {
                    versions.add(
                            new StoredVersion(readSigned(), readText(), readId(), readValue()));
                }
                all.put(name, versions);
            }
            return all;
        }

        private void readInstants(Transitions into, boolean entering) {
            int segments = readCount();
            for (int i = 0; i < segments; i++) {
                String segment = readText();
                int count = readCount();
                long at = 0;
                for (int j = 0; j < count; j++) {
                    at += readSigned();
                    into.add(segment, entering, at);
                }
            }
        }

        private StoredEvent readEvent(long at) {
            String source = readText();
            String id = readId();
            String type = readText();
            int propertyCount = readCount();
            String[] names = propertyCount == 0 ? NO_NAMES : new String[propertyCount];
            Value[] values = propertyCount == 0 ? NO_VALUES : new Value[propertyCount];
            readProperties(names, values);
            StoredEvent.Line[] lines = StoredEvent.lines(readCount());
            for (int i = 0; i < lines.length; i++) {
                int count = readCount();
                String[] lineNames = new String[count];
                Value[] lineValues = new Value[count];
                readProperties(lineNames, lineValues);
                lines[i] = new StoredEvent.Line(lineNames, lineValues);
            }
            return new StoredEvent(source, id, type, at, names, values, lines);
        }

        private void readProperties(String[] names, Value[] values) {
            for (int i = 0; i < names.length; i++) {
                names[i] = readText();
                Value value = readValue();
                if (value == null) {
                    throw new IllegalArgumentException("a member's history has an unset property");
                }
                values[i] = value;
            }
        }

        private @Nullable Value readValue() {
            int tag = bytes[position++];
            return switch (tag) {
                case TAG_UNSET -> null;
                case TAG_TEXT -> new Value.Text(readText());
                case TAG_TRUE -> Value.Flag.TRUE;
                case TAG_FALSE -> Value.Flag.FALSE;
                case TAG_DAY -> new Value.Day(readSigned());
                case TAG_MOMENT -> new Value.Moment(readSigned());
                case TAG_PLACE ->
                        new Value.Place(
                                Double.longBitsToDouble(readEight()),
                                Double.longBitsToDouble(readEight()));
                case TAG_TEXTS -> {
                    int count = readCount();
                    List<Value.Text> elements = new ArrayList<>(count);
                    for (int i = 0; i < count; i++) {
                        elements.add(new Value.Text(readText()));
                    }
                    yield new Value.Texts(List.copyOf(elements));
                }
                default -> {
                    int places = tag - TAG_NUMBER;
                    yield new Value.Num(readSigned() * POWERS[places]);
                }
            };
        }

        private String readText() {
            int number = readCount();
            if (number == 0) {
                String text = readId();
                if (dictionarySize == dictionary.length) {
                    dictionary = Arrays.copyOf(dictionary, dictionarySize * 2);
                }
                dictionary[dictionarySize++] = text;
                return text;
            }
            return number <= KNOWN.length
                    ? KNOWN[number - 1]
                    : dictionary[checkIndex(number - KNOWN.length - 1)];
        }

        private int checkIndex(int index) {
            if (index >= dictionarySize) {
                throw new IndexOutOfBoundsException(index);
            }
            return index;
        }

        private String readId() {
            int size = readCount();
            String text = new String(bytes, position, size, StandardCharsets.UTF_8);
            position += size;
            return text;
        }

        private long readSigned() {
            long value = readWhole();
            return (value >>> 1) ^ -(value & 1);
        }

        /**
         * A number of things that follow, each at least a byte: bounds what damaged bytes can make
         * us reserve.
         */
        private int readCount() {
            long value = readWhole();
            if (value < 0 || value > bytes.length + (long) KNOWN.length) {
                throw new IndexOutOfBoundsException(position);
            }
            return (int) value;
        }

        private long readWhole() {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                byte next = bytes[position++];
                value |= (long) (next & 0x7F) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw new IndexOutOfBoundsException(position);
        }

        private long readEight() {
            long value = 0;
            for (int i = 0; i < 8; i++) {
                value = value << 8 | (bytes[position++] & 0xFF);
            }
            return value;
        }
    }
}
