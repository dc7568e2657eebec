package io.clientele.gateway.web;

import io.clientele.common.problem.CommonError;
import io.clientele.gateway.Problems;
import io.clientele.gateway.route.RequestFacts;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** What is neither the API nor a page: problems, and metrics for this machine only. */
@Singleton
class OtherPaths {
    // Quarkus REST sits 500 behind the default order.
    private static final int AFTER_EVERYTHING = RouteConstants.ROUTE_ORDER_AFTER_DEFAULT + 10_000;

    private final boolean isMetricsOpen;

    @Inject
    OtherPaths(WebConfig config) {
        this.isMetricsOpen = config.openMetrics();
    }

    void register(@Observes Filters filters) {
        filters.register(this::guard, 970);
    }

    void mount(@Observes Router router) {
        router.route("/docs").handler(routing -> routing.redirect("/docs/api/"));
        router.route("/docs/api").handler(OtherPaths::toDirectory);
        router.route().order(AFTER_EVERYTHING).handler(OtherPaths::nothing);
    }

    private void guard(RoutingContext routing) {
        // The router looks at the normalized path, too: /q/%6Detrics is answered as /q/metrics.
        if (routing.normalizedPath().startsWith("/q/metrics")
                && !isMetricsOpen
                && !isLocal(routing)) {
            nothing(routing);
        } else {
            routing.next();
        }
    }

    private static boolean isLocal(RoutingContext routing) {
        var address = routing.request().connection().remoteAddress();
        return address != null
                && address.hostAddress() != null
                && (address.hostAddress().startsWith("127.")
                        || address.hostAddress().equals("0:0:0:0:0:0:0:1")
                        || address.hostAddress().equals("::1"));
    }

    private static void toDirectory(RoutingContext routing) {
        if (RequestFacts.pathOf(routing).endsWith("/")) {
            routing.next();
        } else {
            routing.redirect("/docs/api/");
        }
    }

    private static void nothing(RoutingContext routing) {
        Problems.send(
                routing,
                CommonError.NOT_FOUND,
                "There is nothing here. The API is below /v1, its description at /docs/api/.");
    }
}
