package io.clientele.gateway.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.clientele.common.json.Json;
import io.clientele.gateway.proxy.Upstreams;
import io.clientele.gateway.proxy.Upstreams.Answer;
import io.clientele.gateway.route.RouteTable;
import io.clientele.gateway.route.Service;
import io.clientele.gateway.route.Services;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The merged document, made when it is asked for and kept for a while. A service that is away is
 * described as it was last time, or from the table. Thread-safe; callers at the same time share one
 * making.
 */
@Singleton
class OpenApiService {
    private static final Logger LOG = Logger.getLogger(OpenApiService.class);

    /** Where services have their document: as Quarkus has it, or plainly. */
    private static final List<String> PATHS = List.of("/q/openapi", "/openapi");

    private static final String BASE = "/openapi-base.yaml";
    private static final ObjectMapper YAML =
            new ObjectMapper(
                    new YAMLFactory()
                            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                            .disable(YAMLGenerator.Feature.SPLIT_LINES)
                            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS));

    private final RouteTable table;
    private final Services services;
    private final Upstreams upstreams;
    private final Clock clock;
    private final Duration keptFor;
    private final Duration keptIncompleteFor;
    private final Duration timeout;
    private final ObjectNode base;
    private final Map<String, JsonNode> lastKnown = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Kept> kept = new AtomicReference<>();

    private record Kept(Future<Documents> documents, Instant madeAt) {}

    /**
     * The merged document in both forms.
     *
     * @param json as JSON
     * @param yaml as YAML
     * @param isComplete false: a service was away
     */
    record Documents(byte[] json, byte[] yaml, boolean isComplete) {}

    @Inject
    OpenApiService(
            RouteTable table,
            Services services,
            Upstreams upstreams,
            Clock clock,
            OpenApiConfig config) {
        this.table = table;
        this.services = services;
        this.upstreams = upstreams;
        this.clock = clock;
        this.keptFor = config.keptFor();
        this.keptIncompleteFor = config.keptIncompleteFor();
        this.timeout = config.timeout();
        this.base = base();
    }

    static ObjectNode base() {
        try (var in = OpenApiService.class.getResourceAsStream(BASE)) {
            return (ObjectNode) YAML.readTree(Objects.requireNonNull(in, BASE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The merged document; never fails because a service is away. */
    Future<Documents> documents() {
        while (true) {
            var present = kept.get();
            if (present != null && isFresh(present)) {
                return present.documents();
            }
            var promise = Promise.<Documents>promise();
            var next = new Kept(promise.future(), clock.instant());
            if (kept.compareAndSet(present, next)) {
                make().onComplete(promise);
                return next.documents();
            }
        }
    }

    private boolean isFresh(Kept present) {
        if (!present.documents().isComplete()) {
            return true;
        }
        if (present.documents().failed()) {
            return false;
        }
        var limit = present.documents().result().isComplete() ? keptFor : keptIncompleteFor;
        return clock.instant().isBefore(present.madeAt().plus(limit));
    }

    private Future<Documents> make() {
        var fetches = new ArrayList<Future<Boolean>>();
        services.all().forEach(service -> fetches.add(fetch(service)));
        return Future.join(fetches)
                .map(all -> {
                    var merged = OpenApiMerger.merge(base, table, new TreeMap<>(lastKnown));
                    if (!merged.undescribed().isEmpty()) {
                        LOG.warnf("routes no service describes routes=%s", merged.undescribed());
                    }
                    return write(
                            merged.document(), fetches.stream().allMatch(fetch -> fetch.result()));
                });
    }

    private Future<Boolean> fetch(Service service) {
        return fetch(service, PATHS.getFirst())
                .compose(answer ->
                        answer.status() == 404
                                ? fetch(service, PATHS.getLast())
                                : Future.succeededFuture(answer))
                .map(answer -> {
                    var document = answer.status() == 200 ? parse(answer.body().getBytes()) : null;
                    if (document == null) {
                        LOG.warnf(
                                "service does not describe itself service=%s status=%d",
                                service.name(), answer.status());
                        return false;
                    }
                    lastKnown.put(service.name(), document);
                    return true;
                })
                .otherwise(failure -> {
                    LOG.debugf("service away service=%s cause=%s", service.name(), failure);
                    return false;
                });
    }

    private Future<Answer> fetch(Service service, String path) {
        return upstreams.fetch(service, path + "?format=json", null, null, timeout);
    }

    private static @Nullable JsonNode parse(byte[] json) {
        try {
            var node = Json.mapper().readTree(json);
            return node.has("openapi") ? node : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static Documents write(ObjectNode document, boolean isComplete) {
        try {
            return new Documents(
                    Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(document),
                    YAML.writeValueAsBytes(document),
                    isComplete);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
