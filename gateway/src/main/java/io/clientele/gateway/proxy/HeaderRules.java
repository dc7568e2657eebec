package io.clientele.gateway.proxy;

import io.clientele.common.http.RequestIds;
import io.clientele.gateway.web.SecurityHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which headers pass. Towards a service an allow-list: whatever a caller makes up to look like
 * somebody, a proxy or the platform itself is not on it. Back from a service everything but what
 * belongs to one connection or is the gateway's to say.
 */
final class HeaderRules {
    /** In lower case. Identity travels in Authorization only, which services verify again. */
    private static final Set<String> TO_SERVICES =
            Set.of(
                    "authorization",
                    "cache-control",
                    "idempotency-key",
                    "last-event-id",
                    "prefer",
                    "range",
                    "traceparent",
                    "tracestate",
                    "user-agent",
                    RequestIds.HEADER.toLowerCase(Locale.ROOT));

    private static final List<String> FAMILIES_TO_SERVICES = List.of("accept", "content-", "if-");

    private static final Set<String> NOT_TO_CALLERS =
            Set.of(
                    "connection",
                    "keep-alive",
                    "proxy-authenticate",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "upgrade",
                    "server",
                    "x-powered-by",
                    "set-cookie",
                    RequestIds.HEADER.toLowerCase(Locale.ROOT));

    private static final String CORS = "access-control-";

    private HeaderRules() {}

    /** Takes out of a request's headers what must not reach a service. */
    static void towardsService(MultiMap headers) {
        var hopByHop = namedByConnection(headers);
        for (var name : new ArrayList<>(headers.names())) {
            var lower = name.toLowerCase(Locale.ROOT);
            if (hopByHop.contains(lower) || !passes(lower)) {
                headers.remove(name);
            }
        }
    }

    /**
     * Takes out of an answer's headers what must not reach the caller.
     *
     * @param set what the gateway has already set on the answer, which stays
     */
    static void towardsCaller(MultiMap headers, MultiMap set) {
        var hopByHop = namedByConnection(headers);
        for (var name : new ArrayList<>(headers.names())) {
            var lower = name.toLowerCase(Locale.ROOT);
            if (hopByHop.contains(lower)
                    || NOT_TO_CALLERS.contains(lower)
                    || SecurityHeaders.NAMES.contains(lower)
                    || lower.startsWith(CORS)) {
                headers.remove(name);
            } else if (set.contains(name)) {
                set.remove(name);
            }
        }
    }

    private static boolean passes(String lower) {
        return TO_SERVICES.contains(lower)
                || FAMILIES_TO_SERVICES.stream().anyMatch(lower::startsWith);
    }

    private static Set<String> namedByConnection(MultiMap headers) {
        var names = new HashSet<String>();
        for (var value : headers.getAll(HttpHeaders.CONNECTION)) {
            for (var name : value.split(",", -1)) {
                names.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        // A caller cannot have these taken away from a service.
        names.remove("authorization");
        names.remove("content-length");
        names.remove("content-type");
        return names;
    }
}
