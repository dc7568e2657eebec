package io.clientele.gateway.status;

import io.clientele.common.http.RequestIds;
import io.clientele.common.json.Json;
import io.clientele.common.problem.CommonError;
import io.clientele.gateway.Problems;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** {@code GET /v1/status}, behind the door, which has checked the token and its roles. */
@Singleton
class StatusPage {
    private static final Logger LOG = Logger.getLogger(StatusPage.class);

    private final StatusService service;

    @Inject
    StatusPage(StatusService service) {
        this.service = service;
    }

    void mount(@Observes Router router) {
        router.get("/v1/status")
                .order(RouteConstants.ROUTE_ORDER_BEFORE_DEFAULT + 1)
                .handler(this::answer);
    }

    private void answer(RoutingContext routing) {
        var context = routing.vertx().getOrCreateContext();
        var authorization = routing.request().getHeader(HttpHeaders.AUTHORIZATION);
        service.status(authorization, RequestIds.of(routing))
                .onComplete(result -> context.runOnContext(v -> write(routing, result)));
    }

    private static void write(RoutingContext routing, AsyncResult<PlatformStatus> result) {
        if (result.failed()) {
            LOG.error("status not known", result.cause());
            Problems.send(routing, CommonError.INTERNAL, "The status cannot be told now.");
            return;
        }
        routing.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        routing.end(Buffer.buffer(Json.bytes(result.result())));
    }
}
