package io.clientele.segmentation.shard;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.json.Json;
import io.clientele.common.tenancy.CurrentProgram;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Takes questions to the instances of this service that have other partitions, as Kafka Streams
 * knows them. The caller's token goes along, so that the other instance verifies the program for
 * itself. Thread-safe.
 */
@ApplicationScoped
class ShardPeers {
    /** An instance that does not answer by then is away; its partitions move soon. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ShardStreams streams;
    private final CurrentProgram caller;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();

    @Inject
    ShardPeers(ShardStreams streams, CurrentProgram caller) {
        this.streams = streams;
        this.caller = caller;
    }

    @PreDestroy
    void close() {
        http.shutdownNow();
    }

    /**
     * Asks for partitions that are not here; the questions are under way when this returns.
     *
     * @throws io.clientele.common.problem.TransientException now or by a future, if nobody is known
     *     to have one of them or an instance gives no complete answer
     */
    <Q, A> List<Future<Map<Integer, A>>> ask(
            ShardQuestion<Q, A> question, Q asked, Set<Integer> partitions) {
        if (partitions.isEmpty()) {
            return List.of();
        }
        var known = streams.elsewhere();
        var byAddress = new HashMap<String, TreeSet<Integer>>();
        for (int partition : partitions) {
            var address = known.get(partition);
            if (address == null) {
                throw ShardReader.notReady(null);
            }
            byAddress.computeIfAbsent(address, unused -> new TreeSet<>()).add(partition);
        }
        var token = caller.token();
        byte[] body = Json.bytes(asked);
        var answers = new ArrayList<Future<Map<Integer, A>>>();
        byAddress.forEach(
                (address, theirs) -> answers.add(ask(question, address, theirs, token, body)));
        return answers;
    }

    private <Q, A> CompletableFuture<Map<Integer, A>> ask(
            ShardQuestion<Q, A> question,
            String address,
            Set<Integer> partitions,
            String token,
            byte[] body) {
        var list = partitions.stream().map(String::valueOf).collect(Collectors.joining(","));
        var request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://"
                                                + address
                                                + ShardResource.PATH
                                                + "/"
                                                + question.name()
                                                + "?partitions="
                                                + list))
                        .timeout(PATIENCE)
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .handle((response, failure) -> {
                    if (failure != null) {
                        throw ShardReader.notReady(failure);
                    }
                    if (response.statusCode() != 200) {
                        throw ShardReader.notReady(
                                new IOException(address + " answered " + response.statusCode()));
                    }
                    return read(question, response.body());
                });
    }

    private static <A> Map<Integer, A> read(ShardQuestion<?, A> question, byte[] body) {
        try {
            var answers = new TreeMap<Integer, A>();
            JsonNode tree = Json.mapper().readTree(body);
            for (var each : tree.properties()) {
                answers.put(
                        Integer.valueOf(each.getKey()),
                        Json.mapper().treeToValue(each.getValue(), question.answered()));
            }
            return answers;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
