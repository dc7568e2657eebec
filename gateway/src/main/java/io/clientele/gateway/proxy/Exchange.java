package io.clientele.gateway.proxy;

import io.clientele.common.http.RequestIds;
import io.clientele.common.json.Json;
import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.ErrorCategory;
import io.clientele.common.problem.ErrorCode;
import io.clientele.common.problem.Problem;
import io.clientele.gateway.GatewayError;
import io.clientele.gateway.Problems;
import io.clientele.gateway.route.Route;
import io.clientele.gateway.route.Service;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyOptions;
import io.vertx.httpproxy.ProxyResponse;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to a service and the answer on its way back. Lives on the event loop of
 * the request; both bodies are streams, the slower side holds the faster one back.
 *
 * <p>One timer watches it: when no byte has moved for as long as the route allows, the exchange is
 * broken off: 504 if the service owes an answer, 400 if the caller owes the rest of its body, a cut
 * connection if the answer's head is already out.
 */
final class Exchange implements ProxyInterceptor {
    private static final Logger LOG = Logger.getLogger(Exchange.class);
    private static final long DISCARD_MILLIS = 5_000;
    private static final ProxyOptions OPTIONS = new ProxyOptions().setSupportWebSocket(false);

    private final RoutingContext routing;
    private final Route route;
    private final Service service;
    private final Upstreams upstreams;
    private final ProxyConfig config;
    private final long limit;
    private final Duration stillness;
    private @Nullable HttpClientRequest sent;
    private @Nullable MeteredBody requestBody;
    private long movedAtNanos = System.nanoTime();
    private long timer = -1;
    private boolean hasAnswer;
    private boolean isStalled;
    private boolean isBodyStalled;

    Exchange(
            RoutingContext routing,
            Route route,
            boolean isBodyStreamed,
            Service service,
            Upstreams upstreams,
            ProxyConfig config) {
        this.routing = routing;
        this.route = route;
        this.service = service;
        this.upstreams = upstreams;
        this.config = config;
        this.limit = isBodyStreamed ? Long.MAX_VALUE : config.bodyLimit().asLongValue();
        this.stillness = isBodyStreamed ? config.streamTimeout() : config.answerTimeout();
    }

    /** Begins; the request must be paused. */
    void begin() {
        watch(stillness.toMillis());
        routing.addEndHandler(ended -> finished());
        HttpProxy.reverseProxy(OPTIONS, upstreams.client())
                .origin(context -> upstreams.connect(service).onSuccess(this::connected))
                .addInterceptor(this)
                .handle(routing.request());
    }

    private void connected(HttpClientRequest request) {
        sent = request;
        request.exceptionHandler(Upstreams::brokeOff);
        if (isStalled) {
            request.reset();
        }
    }

    @Override
    public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
        var request = context.request();
        HeaderRules.towardsService(request.headers());
        var body = request.getBody();
        requestBody = new MeteredBody(body.stream(), limit, this::moved);
        request.setBody(Body.body(requestBody, body.length()));
        if (routing.request().headers().contains(HttpHeaders.EXPECT, "100-continue", true)) {
            routing.response().writeContinue();
        }
        return context.sendRequest()
                .recover(failure -> Future.succeededFuture(failed(context, failure)));
    }

    @Override
    public Future<Void> handleProxyResponse(ProxyContext context) {
        hasAnswer = true;
        moved();
        var response = context.response();
        if (response.getStatusCode() >= 400
                && sent != null
                && !isProblem(response.headers().get(HttpHeaders.CONTENT_TYPE))) {
            replaceByProblem(response);
        }
        HeaderRules.towardsCaller(response.headers(), routing.response().headers());
        makeLocationRelative(response);
        var body = response.getBody();
        if (body != null) {
            response.setBody(
                    Body.body(
                            new MeteredBody(body.stream(), Long.MAX_VALUE, this::moved),
                            body.length()));
        }
        return context.sendResponse();
    }

    private ProxyResponse failed(ProxyContext context, Throwable failure) {
        sent = null;
        var response = context.request().release().response();
        if (requestBody != null && requestBody.isOverLimit()) {
            return problem(response, CommonError.BODY_TOO_LARGE, Door.tooLarge(config.bodyLimit()));
        }
        if (isBodyStalled) {
            return problem(
                    response,
                    GatewayError.BODY_STALLED,
                    "No byte of the body came for " + stillness.toSeconds() + " seconds.");
        }
        if (isStalled) {
            LOG.warnf("service gave no answer in time service=%s route=%s", service.name(), route);
            return problem(
                    response,
                    GatewayError.SERVICE_TIMED_OUT,
                    "The service \"%s\" gave no answer within %s seconds; it may still have done what was asked."
                            .formatted(service.name(), stillness.toSeconds()));
        }
        if (isAway(failure)) {
            LOG.warnf("service away service=%s route=%s cause=%s", service.name(), route, failure);
            return problem(
                    response,
                    GatewayError.SERVICE_UNAVAILABLE,
                    "The service \"%s\" is away; nothing was done.".formatted(service.name()));
        }
        LOG.warnf("service broke off service=%s route=%s cause=%s", service.name(), route, failure);
        return problem(
                response,
                GatewayError.SERVICE_BROKE_OFF,
                "The service \"%s\" broke off before it answered; it may have done what was asked."
                        .formatted(service.name()));
    }

    private static boolean isAway(Throwable failure) {
        return failure instanceof ConnectException
                || failure instanceof ConnectTimeoutException
                || failure instanceof NoRouteToHostException
                || failure instanceof UnknownHostException
                || failure instanceof ConnectionPoolTooBusyException
                // No connection came free in time.
                || failure instanceof TimeoutException;
    }

    private ProxyResponse problem(ProxyResponse response, ErrorCode code, String detail) {
        response.setStatusCode(code.category().status());
        response.setStatusMessage(
                HttpResponseStatus.valueOf(code.category().status()).reasonPhrase());
        response.headers().set(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
        if (Problems.isRetryable(code.category())) {
            response.headers().set(HttpHeaders.RETRY_AFTER, Problems.seconds(config.retryAfter()));
        }
        return response.setBody(Body.body(Problems.body(routing, code, detail)));
    }

    /** Puts a problem of the same meaning in the place of an error page. */
    private void replaceByProblem(ProxyResponse response) {
        int status = response.getStatusCode();
        var retryAfter = response.headers().get(HttpHeaders.RETRY_AFTER);
        var allow = response.headers().get(HttpHeaders.ALLOW);
        var challenge = response.headers().get("WWW-Authenticate");
        LOG.debugf("error without a problem service=%s status=%d", service.name(), status);
        response.release();
        var code = codeOf(status);
        int answered = code.category() == ErrorCategory.BAD_GATEWAY ? 502 : status;
        var problem =
                new Problem(
                        "about:blank",
                        code.category().status() == answered
                                ? code.category().title()
                                : HttpResponseStatus.valueOf(answered).reasonPhrase(),
                        answered,
                        code.code(),
                        "The service \"%s\" answered %s without saying why."
                                .formatted(service.name(), status),
                        RequestIds.of(routing),
                        List.of());
        response.setStatusCode(answered);
        response.setStatusMessage(HttpResponseStatus.valueOf(answered).reasonPhrase());
        response.headers().set(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
        if (retryAfter != null) {
            response.headers().set(HttpHeaders.RETRY_AFTER, retryAfter);
        } else if (Problems.isRetryable(code.category())) {
            response.headers().set(HttpHeaders.RETRY_AFTER, Problems.seconds(config.retryAfter()));
        }
        if (allow != null) {
            response.headers().set(HttpHeaders.ALLOW, allow);
        }
        if (challenge != null) {
            response.headers().set("WWW-Authenticate", challenge);
        }
        response.setBody(Body.body(Buffer.buffer(Json.bytes(problem))));
    }

    private static ErrorCode codeOf(int status) {
        return switch (status) {
            case 401 -> CommonError.TOKEN_MISSING_OR_INVALID;
            case 403 -> CommonError.ROLE_MISSING;
            case 404 -> CommonError.NOT_FOUND;
            case 405 -> CommonError.METHOD_NOT_ALLOWED;
            case 412 -> CommonError.IF_MATCH_STALE;
            case 413 -> CommonError.BODY_TOO_LARGE;
            case 415 -> CommonError.MEDIA_TYPE_UNSUPPORTED;
            case 428 -> CommonError.IF_MATCH_MISSING;
            case 429 -> GatewayError.RATE_EXCEEDED;
            case 503 -> CommonError.UNAVAILABLE;
            case 504 -> GatewayError.SERVICE_TIMED_OUT;
            default ->
                    status >= 500
                            ? GatewayError.SERVICE_ANSWER_INVALID
                            : CommonError.REQUEST_INVALID;
        };
    }

    private static boolean isProblem(@Nullable String contentType) {
        return contentType != null
                && contentType.toLowerCase(Locale.ROOT).startsWith(Problem.MEDIA_TYPE);
    }

    /** A service knows only its own address: what it says it made is at ours. */
    private void makeLocationRelative(ProxyResponse response) {
        var location = response.headers().get(HttpHeaders.LOCATION);
        if (location != null && location.startsWith(service.address() + "/")) {
            response.headers()
                    .set(HttpHeaders.LOCATION, location.substring(service.address().length()));
        }
    }

    private void moved() {
        movedAtNanos = System.nanoTime();
    }

    private void watch(long millis) {
        timer = routing.vertx().setTimer(Math.max(1, millis), id -> look());
    }

    private void look() {
        timer = -1;
        long still = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - movedAtNanos);
        if (still < stillness.toMillis()) {
            watch(stillness.toMillis() - still);
        } else if (hasAnswer && route.isAnswerStreamed()) {
            watch(stillness.toMillis());
        } else {
            isStalled = true;
            isBodyStalled =
                    !hasAnswer
                            && requestBody != null
                            && !requestBody.isEnded()
                            && !requestBody.isPaused();
            if (sent != null) {
                sent.reset();
            }
        }
    }

    private void finished() {
        if (timer >= 0) {
            routing.vertx().cancelTimer(timer);
            timer = -1;
        }
        Door.letGo(routing, requestBody, DISCARD_MILLIS);
    }
}
