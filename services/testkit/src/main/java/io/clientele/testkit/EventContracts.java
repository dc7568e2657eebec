package io.clientele.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What {@code docs/events.asyncapi.yaml} promises, held against real messages:
 *
 * <pre>{@code
 * assertThat(EventContracts.load().violations(record)).isEmpty();
 * }</pre>
 *
 * Immutable and thread-safe.
 */
public final class EventContracts {
    private static final Path DOCUMENT = Path.of("docs", "events.asyncapi.yaml");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchemaFactory FACTORY =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7);

    private final List<Channel> channels;

    private record Channel(
            Pattern address, boolean isCompacted, boolean isOwn, List<Message> messages) {}

    private record Message(String type, JsonSchema headers, JsonSchema payload) {}

    private EventContracts(List<Channel> channels) {
        this.channels = List.copyOf(channels);
    }

    /** The document of the project that the working folder is in. */
    public static EventContracts load() {
        for (var folder = Path.of("").toAbsolutePath();
                folder != null;
                folder = folder.getParent()) {
            if (Files.exists(folder.resolve(DOCUMENT))) {
                return load(folder.resolve(DOCUMENT));
            }
        }
        throw new IllegalStateException(
                DOCUMENT + " is in no folder above " + Path.of("").toAbsolutePath());
    }

    private static EventContracts load(Path file) {
        try {
            var document = YAML.readTree(Files.readString(file));
            var channels = new ArrayList<Channel>();
            for (var channel : document.path("channels")) {
                var messages = new ArrayList<Message>();
                for (var reference : channel.path("messages")) {
                    messages.add(
                            message(document.at(reference.path("$ref").asText().substring(1))));
                }
                var address = channel.path("address").asText();
                channels.add(
                        new Channel(
                                pattern(address),
                                channel.at("/bindings/kafka/topicConfiguration/cleanup.policy/0")
                                        .asText()
                                        .equals("compact"),
                                address.equals("member-events-resolved"),
                                messages));
            }
            return new EventContracts(channels);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /**
     * What is wrong with a record: its topic, headers or value are not as the document says.
     *
     * @return sentences; none if all is well. A record without value is well on a compacted topic
     */
    public List<String> violations(ConsumerRecord<byte[], byte[]> record) {
        var place = record.topic() + "-" + record.partition() + "@" + record.offset() + ": ";
        var channel =
                channels.stream()
                        .filter(one -> one.address().matcher(record.topic()).matches())
                        .findFirst()
                        .orElse(null);
        if (channel == null) {
            return List.of(place + "the document has no such topic");
        }
        if (record.value() == null) {
            return channel.isCompacted() ? List.of() : List.of(place + "it has no value");
        }
        var value = new String(record.value(), StandardCharsets.UTF_8);
        var headers = headers(record);
        var type = headers.path("ce_type").asText();
        // Profile's own topic carries edits of members without these headers.
        boolean isBare = channel.isOwn() && type.isEmpty();
        var candidates =
                channel.messages().stream()
                        .filter(message -> isBare || message.type().equals(type))
                        .toList();
        if (candidates.isEmpty()) {
            return List.of(place + "no message of this topic has the ce_type \"" + type + "\"");
        }
        var best = new ArrayList<String>();
        for (var message : candidates) {
            var wrong = new ArrayList<String>();
            if (!isBare) {
                check(message.headers(), headers.toString(), place + "headers ", wrong);
            }
            check(message.payload(), value, place + "value ", wrong);
            if (wrong.isEmpty()) {
                return List.of();
            }
            if (best.isEmpty() || wrong.size() < best.size()) {
                best = wrong;
            }
        }
        return List.copyOf(best);
    }

    private static void check(JsonSchema schema, String json, String place, List<String> wrong) {
        try {
            JSON.readTree(json);
        } catch (JsonProcessingException e) {
            wrong.add(place + "is no JSON: " + e.getOriginalMessage());
            return;
        }
        schema
                .validate(
                        json,
                        InputFormat.JSON,
                        context -> context.getExecutionConfig().setFormatAssertionsEnabled(true))
                .stream()
                .map(ValidationMessage::getMessage)
                .forEach(message -> wrong.add(place + message));
    }

    private static ObjectNode headers(ConsumerRecord<byte[], byte[]> record) {
        var headers = JSON.createObjectNode();
        for (var header : record.headers()) {
            headers.put(
                    header.key(),
                    header.value() == null
                            ? null
                            : new String(header.value(), StandardCharsets.UTF_8));
        }
        return headers;
    }

    private static Message message(JsonNode message) {
        return new Message(
                message.path("name").asText(),
                schema(message.path("headers")),
                schema(message.path("payload")));
    }

    private static JsonSchema schema(JsonNode reference) {
        var file = reference.path("$ref").asText();
        return FACTORY.getSchema(
                SchemaLocation.of("classpath:schemas" + file.substring(file.lastIndexOf('/'))),
                SchemaValidatorsConfig.builder().build());
    }

    private static Pattern pattern(String address) {
        return Pattern.compile(
                address.replace(".", "\\.").replace("{program}", "[a-z0-9][a-z0-9-]{0,62}"));
    }
}
