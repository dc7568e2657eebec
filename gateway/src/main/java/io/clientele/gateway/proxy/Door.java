package io.clientele.gateway.proxy;

import io.clientele.common.http.RequestIds;
import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.ErrorCode;
import io.clientele.gateway.GatewayError;
import io.clientele.gateway.Problems;
import io.clientele.gateway.limit.RateLimits;
import io.clientele.gateway.route.RequestFacts;
import io.clientele.gateway.route.Route;
import io.clientele.gateway.route.RouteMatch;
import io.clientele.gateway.route.RouteTable;
import io.clientele.gateway.route.Services;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collections;
import java.util.regex.Pattern;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Decides about every request below {@code /v1}: is there such a route, is the token good, has it
 * one of the route's roles, is its caller within its rate, is the body small enough; then the
 * request goes to its service. Mounted on Quarkus' router behind its authentication mechanisms;
 * runs on event loops and never blocks.
 */
@Singleton
class Door {
    private static final Logger LOG = Logger.getLogger(Door.class);
    private static final Pattern PROGRAM_FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final RouteTable table;
    private final Services services;
    private final IdentityProviderManager identities;
    private final RateLimits rates;
    private final Upstreams upstreams;
    private final ProxyConfig config;

    @Inject
    Door(
            RouteTable table,
            Services services,
            IdentityProviderManager identities,
            RateLimits rates,
            Upstreams upstreams,
            ProxyConfig config) {
        this.table = table;
        this.services = services;
        this.identities = identities;
        this.rates = rates;
        this.upstreams = upstreams;
        this.config = config;
    }

    void mount(@Observes Router router) {
        router.route("/v1/*").order(RouteConstants.ROUTE_ORDER_BEFORE_DEFAULT).handler(this::enter);
    }

    private void enter(RoutingContext routing) {
        var request = routing.request();
        request.pause();
        switch (table.find(request.method().name(), RequestFacts.pathOf(routing))) {
            case RouteMatch.Found(var route) -> {
                RequestFacts.keepRoute(routing, route);
                authenticate(routing, route);
            }
            case RouteMatch.WrongMethod(var allowed) -> {
                routing.response().putHeader(HttpHeaders.ALLOW, String.join(", ", allowed));
                refuse(
                        routing,
                        CommonError.METHOD_NOT_ALLOWED,
                        "%s is not allowed here; allowed: %s."
                                .formatted(request.method(), String.join(", ", allowed)));
            }
            case RouteMatch.Unknown() ->
                    refuse(
                            routing,
                            CommonError.NOT_FOUND,
                            "There is no such route. All routes: /docs/api.");
            case RouteMatch.Malformed(var reason) ->
                    refuse(routing, GatewayError.PATH_INVALID, "The path is not valid. " + reason);
        }
    }

    private void authenticate(RoutingContext routing, Route route) {
        var context = routing.vertx().getOrCreateContext();
        QuarkusHttpUser.getSecurityIdentity(routing, identities)
                .subscribe()
                .with(
                        identity -> {
                            if (Vertx.currentContext() == context) {
                                authorize(routing, route, identity);
                            } else {
                                context.runOnContext(v -> authorize(routing, route, identity));
                            }
                        },
                        failure -> context.runOnContext(v -> notAuthenticated(routing, failure)));
    }

    private void notAuthenticated(RoutingContext routing, Throwable failure) {
        if (failure instanceof AuthenticationFailedException) {
            refuse(
                    routing,
                    CommonError.TOKEN_MISSING_OR_INVALID,
                    "The access token is not valid: expired, not of this realm, or not meant for"
                            + " this API.");
            return;
        }
        LOG.errorf(failure, "token not verified requestId=%s", RequestIds.of(routing));
        refuse(
                routing,
                GatewayError.KEYS_UNAVAILABLE,
                "Tokens cannot be verified now: Keycloak is away.");
    }

    private void authorize(RoutingContext routing, Route route, SecurityIdentity identity) {
        if (identity.isAnonymous() || !(identity.getPrincipal() instanceof JsonWebToken token)) {
            refuse(
                    routing,
                    CommonError.TOKEN_MISSING_OR_INVALID,
                    "Send a valid access token: Authorization: Bearer <token>.");
            return;
        }
        if (Collections.disjoint(identity.getRoles(), route.roles())) {
            refuse(
                    routing,
                    CommonError.ROLE_MISSING,
                    "This route asks for one of the roles %s; the token has none of them."
                            .formatted(
                                    RouteTable.ALL_ROLES.stream()
                                            .filter(route.roles()::contains)
                                            .toList()));
            return;
        }
        if (!(token.getClaim("program") instanceof String program)
                || !PROGRAM_FORM.matcher(program).matches()) {
            refuse(
                    routing,
                    CommonError.PROGRAM_MISSING,
                    "The token's claim \"program\" must name the program; this token has none.");
            return;
        }
        RequestFacts.keepProgram(routing, program);
        var wait = rates.take(program, clientOf(token));
        if (!wait.isZero()) {
            Problems.send(
                    routing,
                    GatewayError.RATE_EXCEEDED,
                    "This client, or its program, sends too many requests. Send many events in one"
                            + " request.",
                    wait);
            letGo(routing, null, 1_000);
            return;
        }
        boolean isStreamed =
                route.isBodyStreamed(routing.request().getHeader(HttpHeaders.CONTENT_TYPE));
        if (!isStreamed && declaredLength(routing) > config.bodyLimit().asLongValue()) {
            refuse(routing, CommonError.BODY_TOO_LARGE, tooLarge(config.bodyLimit()));
            return;
        }
        if (route.service().equals(Route.GATEWAY)) {
            routing.request().resume();
            routing.next();
            return;
        }
        new Exchange(
                        routing,
                        route,
                        isStreamed,
                        services.require(route.service()),
                        upstreams,
                        config)
                .begin();
    }

    private static String clientOf(JsonWebToken token) {
        return token.getClaim("azp") instanceof String client ? client : "";
    }

    private static long declaredLength(RoutingContext routing) {
        var length = routing.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? -1 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    static String tooLarge(MemorySize limit) {
        return "A body has at most "
                + limit.asLongValue()
                + " bytes here. Only events as NDJSON and import content are streamed without"
                + " limit.";
    }

    private static void refuse(RoutingContext routing, ErrorCode code, String detail) {
        Problems.send(routing, code, detail);
        letGo(routing, null, 5_000);
    }

    /**
     * Lets the rest of a request's body run into nothing, for a while, so that a caller who is
     * still sending gets to read the answer; then hangs up.
     */
    static void letGo(RoutingContext routing, @Nullable MeteredBody body, long millis) {
        var request = routing.request();
        if (request.isEnded() || (body != null && body.isEnded())) {
            return;
        }
        if (body != null) {
            body.discard();
        } else {
            request.handler(data -> {}).resume();
        }
        if (request.isEnded()) {
            return;
        }
        routing.vertx()
                .setTimer(
                        millis,
                        id -> {
                            if (!request.isEnded()) {
                                request.connection().close();
                            }
                        });
    }
}
