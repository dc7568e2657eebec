package io.clientele.common.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * Gives every request an id: the caller's {@code X-Request-Id} if it is 1 to 64 of letters, digits,
 * {@code .}, {@code _} and {@code -}, else a new one. The answer, the log and problems carry it,
 * and it is passed on behind the gateway.
 */
@ApplicationScoped
public class RequestIds {
    /** The header's name. */
    public static final String HEADER = "X-Request-Id";

    private static final String KEY = "requestId";
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    void register(@Observes Filters filters) {
        filters.register(RequestIds::identify, 1000);
    }

    private static void identify(RoutingContext routing) {
        var given = routing.request().getHeader(HEADER);
        var id =
                given != null && ALLOWED.matcher(given).matches()
                        ? given
                        : UUID.randomUUID().toString();
        routing.put(KEY, id);
        routing.request().headers().set(HEADER, id);
        routing.response().putHeader(HEADER, id);
        MDC.put(KEY, id);
        routing.next();
    }

    /** The id of the request, or null before it has one. */
    public static @Nullable String of(RoutingContext routing) {
        return routing.get(KEY);
    }
}
