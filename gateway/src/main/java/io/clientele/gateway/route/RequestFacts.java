package io.clientele.gateway.route;

import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What has been found out about a request, for the log. */
public final class RequestFacts {
    private static final String ROUTE = "clientele.route";
    private static final String PROGRAM = "clientele.program";

    private RequestFacts() {}

    /** The raw path, never null. */
    public static String pathOf(RoutingContext routing) {
        return Objects.requireNonNullElse(routing.request().path(), "/");
    }

    /** Keeps the line of the table. */
    public static void keepRoute(RoutingContext routing, Route route) {
        routing.put(ROUTE, route);
    }

    /** Keeps the verified token's program. */
    public static void keepProgram(RoutingContext routing, String program) {
        routing.put(PROGRAM, program);
    }

    /** The line of the table, or null if there is none. */
    public static @Nullable Route routeOf(RoutingContext routing) {
        return routing.get(ROUTE);
    }

    /** The verified token's program, or null before it is verified. */
    public static @Nullable String programOf(RoutingContext routing) {
        return routing.get(PROGRAM);
    }
}
