package io.clientele.gateway.openapi;

import io.clientele.common.problem.CommonError;
import io.clientele.gateway.Problems;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Locale;
import org.jboss.logging.Logger;

/**
 * Serves the merged document: {@code /openapi} as YAML or, by {@code Accept} or {@code ?format=},
 * JSON; {@code /openapi.json}; {@code /openapi.yaml}. No token needed.
 */
@Singleton
class OpenApiPages {
    private static final Logger LOG = Logger.getLogger(OpenApiPages.class);

    private final OpenApiService service;

    @Inject
    OpenApiPages(OpenApiService service) {
        this.service = service;
    }

    void mount(@Observes Router router) {
        router.get("/openapi").handler(routing -> answer(routing, wantsJson(routing)));
        router.get("/openapi.json").handler(routing -> answer(routing, true));
        router.get("/openapi.yaml").handler(routing -> answer(routing, false));
    }

    private static boolean wantsJson(RoutingContext routing) {
        var format = routing.request().getParam("format");
        if (format != null) {
            return format.equalsIgnoreCase("json");
        }
        var accept = routing.request().getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.toLowerCase(Locale.ROOT).contains("json");
    }

    private void answer(RoutingContext routing, boolean asJson) {
        var context = routing.vertx().getOrCreateContext();
        service.documents()
                .onComplete(result ->
                        context.runOnContext(v -> {
                            if (result.failed()) {
                                LOG.error("OpenAPI not merged", result.cause());
                                Problems.send(
                                        routing,
                                        CommonError.INTERNAL,
                                        "The description cannot be made now.");
                                return;
                            }
                            var documents = result.result();
                            routing.response()
                                    .putHeader(
                                            HttpHeaders.CONTENT_TYPE,
                                            asJson
                                                    ? "application/vnd.oai.openapi+json;version=3.1"
                                                    : "application/vnd.oai.openapi;version=3.1")
                                    .putHeader(HttpHeaders.VARY, "Accept");
                            routing.end(
                                    Buffer.buffer(asJson ? documents.json() : documents.yaml()));
                        }));
    }
}
