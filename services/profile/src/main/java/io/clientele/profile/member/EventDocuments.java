package io.clientele.profile.member;

import io.clientele.contracts.EventReference;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Events as documents. Properties and values are JSON text: they come from outside, and a document
 * of any shape, depth, name or number must be storable, or it would hold its partition up for ever.
 */
final class EventDocuments {
    private EventDocuments() {}

    static Document of(StoredEvent event) {
        var document =
                new Document("_id", event.key())
                        .append("program", event.program().value())
                        .append("member", event.member().value())
                        .append("source", event.source())
                        .append("id", event.id())
                        .append("type", event.type())
                        .append("occurredAt", Date.from(event.occurredAt()))
                        .append("receivedAt", Date.from(event.receivedAt()))
                        .append("position", of(event.position()))
                        .append("hash", event.contentHash())
                        .append("properties", event.properties());
        append(document, "forwarded", event.forwarded());
        if (!event.declared().isEmpty()) {
            document.append("declared", event.declared().stream().map(EventDocuments::of).toList());
        }
        append(document, "amount", text(event.amount()));
        var points = event.points();
        if (points != null) {
            document.append("points", points.delta().toString());
            append(document, "balance", text(points.balance()));
        }
        var replaces = event.replaces();
        if (replaces != null) {
            document.append("replaces", of(replaces));
        }
        append(document, "import", event.importId());
        append(document, "identity", event.identityKey());
        var retraction = event.retraction();
        if (retraction != null) {
            document.append("retraction", of(retraction));
        }
        return document;
    }

    static Document of(StoredEvent.Retraction retraction) {
        return of(retraction.by())
                .append("position", of(retraction.position()))
                .append("early", retraction.early());
    }

    static Document of(EventReference event) {
        return new Document("source", event.source()).append("id", event.id());
    }

    static Document of(Position position) {
        return new Document("topic", position.topicId())
                .append("partition", position.partition())
                .append("offset", position.offset());
    }

    static Document of(Declared declared) {
        var document =
                new Document("name", declared.name()).append("scope", declared.scope().name());
        append(document, "value", declared.json());
        append(document, "proof", declared.proof());
        return document;
    }

    static StoredEvent read(Document document) {
        var points = document.getString("points");
        var replaces = document.get("replaces", Document.class);
        var retraction = document.get("retraction", Document.class);
        return new StoredEvent(
                new ProgramId(document.getString("program")),
                new MemberId(document.getString("member")),
                document.getString("source"),
                document.getString("id"),
                document.getString("type"),
                instant(document, "occurredAt"),
                instant(document, "receivedAt"),
                position(document.get("position", Document.class)),
                document.getString("hash"),
                document.getString("properties"),
                document.getString("forwarded"),
                document.getList("declared", Document.class, List.of()).stream()
                        .map(EventDocuments::declared)
                        .toList(),
                decimal(document.getString("amount")),
                points == null
                        ? null
                        : new Points(
                                new BigDecimal(points), decimal(document.getString("balance"))),
                replaces == null ? null : reference(replaces),
                document.getString("import"),
                document.getString("identity"),
                retraction == null
                        ? null
                        : new StoredEvent.Retraction(
                                reference(retraction),
                                position(retraction.get("position", Document.class)),
                                retraction.getBoolean("early", false)));
    }

    static Declared declared(Document document) {
        return new Declared(
                document.getString("name"),
                document.getString("value"),
                Declared.Scope.valueOf(document.getString("scope")),
                document.getString("proof"));
    }

    static EventReference reference(Document document) {
        return new EventReference(document.getString("source"), document.getString("id"));
    }

    static Position position(Document document) {
        return new Position(
                document.getString("topic"),
                document.getInteger("partition", -1),
                number(document, "offset"));
    }

    static Instant instant(Document document, String name) {
        return document.getDate(name).toInstant();
    }

    static long number(Document document, String name) {
        if (document.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalStateException("a document without the number " + name);
    }

    static @Nullable BigDecimal decimal(@Nullable String text) {
        return text == null ? null : new BigDecimal(text);
    }

    private static @Nullable String text(@Nullable BigDecimal decimal) {
        return decimal == null ? null : decimal.toString();
    }

    private static void append(Document document, String name, @Nullable Object value) {
        if (value != null) {
            document.append(name, value);
        }
    }
}
