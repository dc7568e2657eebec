package io.clientele.gateway.web;

import io.clientele.gateway.route.RequestFacts;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * One line per request below {@code /v1}: the route as the table has it, never the path, the query
 * or who asked.
 */
@Singleton
class AccessLog {
    private static final Logger LOG = Logger.getLogger("io.clientele.gateway.access");

    private final boolean isOn;

    @Inject
    AccessLog(WebConfig config) {
        this.isOn = config.accessLog();
    }

    void register(@Observes Filters filters) {
        if (isOn) {
            filters.register(AccessLog::follow, 980);
        }
    }

    private static void follow(RoutingContext routing) {
        if (RequestFacts.pathOf(routing).startsWith("/v1/")) {
            long from = System.nanoTime();
            routing.addEndHandler(ended -> write(routing, from));
        }
        routing.next();
    }

    private static void write(RoutingContext routing, long from) {
        var route = RequestFacts.routeOf(routing);
        var program = RequestFacts.programOf(routing);
        LOG.infof(
                "request answered method=%s route=%s program=%s status=%d in=%d out=%d millis=%d",
                routing.request().method(),
                route == null ? "-" : route.path(),
                program == null ? "-" : program,
                routing.response().getStatusCode(),
                routing.request().bytesRead(),
                routing.response().bytesWritten(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from));
    }
}
