package io.clientele.gateway.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.clientele.common.json.Json;
import io.clientele.gateway.proxy.Upstreams;
import io.clientele.gateway.proxy.Upstreams.Answer;
import io.clientele.gateway.route.Service;
import io.clientele.gateway.route.Services;
import io.clientele.gateway.status.PlatformStatus.Health;
import io.clientele.gateway.status.PlatformStatus.ServiceStatus;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks every service, all at once, whether it is ready ({@code /q/health/ready}) and for its own
 * figures ({@code /v1/status} with the caller's token: an object with {@code freshness}, {@code
 * lag} and {@code rejects}, each optional). Takes as long as the slowest, at most the timeout.
 */
@Singleton
class StatusService {
    private final Services services;
    private final Upstreams upstreams;
    private final Clock clock;
    private final Duration timeout;

    @Inject
    StatusService(Services services, Upstreams upstreams, Clock clock, StatusConfig config) {
        this.services = services;
        this.upstreams = upstreams;
        this.clock = clock;
        this.timeout = config.timeout();
    }

    /**
     * How everything is now.
     *
     * @param authorization the caller's, passed on
     * @param requestId the request's, passed on
     */
    Future<PlatformStatus> status(@Nullable String authorization, @Nullable String requestId) {
        var asOf = clock.instant();
        var asked = new ArrayList<Future<Asked>>();
        services.all().forEach(service -> asked.add(ask(service, authorization, requestId)));
        return Future.join(asked)
                .map(all -> {
                    var statuses = new ArrayList<ServiceStatus>();
                    var freshness = new TreeMap<String, Object>();
                    var lag = new TreeMap<String, Object>();
                    var rejects = new TreeMap<String, Object>();
                    for (var one : asked) {
                        var answer = one.result();
                        var name = answer.status().service();
                        statuses.add(answer.status());
                        keep(freshness, name, answer.figures().path("freshness"));
                        keep(lag, name, answer.figures().path("lag"));
                        keep(rejects, name, answer.figures().path("rejects"));
                    }
                    boolean isUp = statuses.stream().allMatch(s -> s.status() == Health.UP);
                    return new PlatformStatus(
                            isUp ? Health.UP : Health.DEGRADED,
                            asOf,
                            statuses,
                            freshness,
                            lag,
                            rejects);
                });
    }

    private record Asked(ServiceStatus status, JsonNode figures) {}

    private Future<Asked> ask(
            Service service, @Nullable String authorization, @Nullable String requestId) {
        long from = System.nanoTime();
        var health =
                upstreams
                        .fetch(service, "/q/health/ready", null, requestId, timeout)
                        .map(answer -> read(service, answer, from))
                        .otherwise(failure ->
                                new ServiceStatus(service.name(), Health.DOWN, null, List.of()));
        var figures =
                upstreams
                        .fetch(service, "/v1/status", authorization, requestId, timeout)
                        .map(answer -> answer.status() == 200 ? parse(answer) : none())
                        .otherwise(failure -> none());
        return Future.join(health, figures)
                .map(both -> new Asked(health.result(), figures.result()));
    }

    private static ServiceStatus read(Service service, Answer answer, long from) {
        var failing = new ArrayList<String>();
        for (var check : parse(answer).path("checks")) {
            if (!check.path("status").asText().equals("UP")) {
                failing.add(check.path("name").asText());
            }
        }
        return new ServiceStatus(
                service.name(),
                answer.status() == 200 ? Health.UP : Health.NOT_READY,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from),
                failing);
    }

    private static JsonNode parse(Answer answer) {
        try {
            return Json.mapper().readTree(answer.body().getBytes());
        } catch (IOException e) {
            return none();
        }
    }

    private static JsonNode none() {
        return MissingNode.getInstance();
    }

    private static void keep(TreeMap<String, Object> into, String service, JsonNode value) {
        if (!value.isMissingNode()) {
            into.put(service, value);
        }
    }
}
