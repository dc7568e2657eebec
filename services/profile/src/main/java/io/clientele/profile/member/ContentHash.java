package io.clientele.profile.member;

import io.clientele.common.json.Json;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.profile.registry.AttributeRules;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A hash of what a sender said in an event: equal however numbers are written and properties are
 * ordered, and whenever it was received. Thread-safe.
 */
final class ContentHash {
    private ContentHash() {}

    /**
     * Hashes an event.
     *
     * @param event as received
     * @param memberNamed true if the sender named the member, false if the identity led to it
     * @param identityKey the keyed hash of the event's identity, if it has one
     */
    static String of(ReceivedEvent event, boolean memberNamed, @Nullable String identityKey) {
        var out = new ByteArrayOutputStream(512);
        field(out, event.type());
        field(out, memberNamed ? String.valueOf(event.member()) : null);
        field(out, identityKey);
        field(out, event.occurredAt().toString());
        var replaces = event.replaces();
        field(out, replaces == null ? null : replaces.source());
        field(out, replaces == null ? null : replaces.id());
        write(out, event.properties());
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(out.toByteArray());
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void field(ByteArrayOutputStream out, @Nullable String text) {
        if (text == null) {
            out.write('-');
        } else {
            out.write('+');
            text(out, text);
        }
        out.write(0);
    }

    private static void write(ByteArrayOutputStream out, @Nullable Object value) {
        switch (value) {
            case null -> out.write('n');
            case Map<?, ?> map -> {
                out.write('{');
                var sorted = new TreeMap<String, Object>();
                map.forEach((key, element) -> sorted.put(String.valueOf(key), wrap(element)));
                sorted.forEach((key, element) -> {
                    field(out, key);
                    write(out, unwrap(element));
                });
                out.write('}');
            }
            case List<?> list -> {
                out.write('[');
                list.forEach(element -> write(out, element));
                out.write(']');
            }
            case Number number -> {
                out.write('#');
                text(out, AttributeRules.decimal(number).stripTrailingZeros().toString());
                out.write(0);
            }
            case Boolean bool -> out.write(bool ? 't' : 'f');
            case String text -> field(out, text);
            default -> out.writeBytes(Json.bytes(value));
        }
    }

    private static Object wrap(@Nullable Object element) {
        return element == null ? Absent.VALUE : element;
    }

    private static @Nullable Object unwrap(Object element) {
        return element == Absent.VALUE ? null : element;
    }

    private enum Absent {
        VALUE
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
