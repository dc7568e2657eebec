package io.clientele.gateway.route;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.clientele.common.tenancy.Roles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All routes: what is not in it does not exist. Immutable. A look-up compares the path with every
 * line, a few microseconds for a hundred lines.
 */
public final class RouteTable {
    /** Every role there is, in the order documents list them. */
    public static final List<String> ALL_ROLES =
            List.of(
                    Roles.INGEST,
                    Roles.ENGINE,
                    Roles.AGENT,
                    Roles.MARKETER,
                    Roles.ANALYST,
                    Roles.PRIVACY,
                    Roles.ADMIN);

    private static final String RESOURCE = "/routes.yaml";
    private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final Pattern DOT_SEGMENT = Pattern.compile("(?i)(\\.|%2e){1,2}");
    private static final Pattern CONTROL = Pattern.compile("(?i)%(0[0-9a-f]|1[0-9a-f]|7f|5c)");

    private final List<Route> routes;
    private final List<Route> byPrecedence;

    RouteTable(List<Route> routes) {
        var seen = new HashSet<String>();
        for (var route : routes) {
            if (!seen.add(route.method() + " " + route.path().shape())) {
                throw new IllegalArgumentException("the route " + route + " stands there twice");
            }
        }
        this.routes = List.copyOf(routes);
        this.byPrecedence = this.routes.stream().sorted(Comparator.comparing(Route::path)).toList();
    }

    /** The table in {@code routes.yaml}. */
    public static RouteTable load() {
        try (var in = RouteTable.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not on the class path");
            }
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE + " cannot be read: " + e.getMessage(), e);
        }
    }

    static RouteTable read(InputStream yaml) throws IOException {
        var mapper =
                new ObjectMapper(new YAMLFactory())
                        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        return new RouteTable(
                mapper.readValue(yaml, Table.class).routes().stream().map(Line::toRoute).toList());
    }

    /** As they stand in the file. */
    public List<Route> routes() {
        return routes;
    }

    /**
     * Who answers a request.
     *
     * @param method the request's
     * @param rawPath as it came: not decoded, without the query
     */
    public RouteMatch find(String method, String rawPath) {
        var flaw = flaw(rawPath);
        if (flaw != null) {
            return new RouteMatch.Malformed(flaw);
        }
        var segments = PathTemplate.split(rawPath);
        var allowed = new TreeSet<String>();
        String shape = null;
        for (var route : byPrecedence) {
            if (!route.path().matches(segments)) {
                continue;
            }
            if (shape == null) {
                shape = route.path().shape();
            } else if (!shape.equals(route.path().shape())) {
                break;
            }
            if (route.method().equals(method)) {
                return new RouteMatch.Found(route);
            }
            allowed.add(route.method());
        }
        return allowed.isEmpty() ? new RouteMatch.Unknown() : new RouteMatch.WrongMethod(allowed);
    }

    private static @Nullable String flaw(String rawPath) {
        if (rawPath.indexOf('\\') >= 0 || CONTROL.matcher(rawPath).find()) {
            return "It has a backslash or a control character.";
        }
        if (rawPath.indexOf(';') >= 0) {
            return "A ; in a name is written %3B.";
        }
        if (BAD_ESCAPE.matcher(rawPath).find()) {
            return "A % is not followed by two hexadecimal digits.";
        }
        for (var segment : PathTemplate.split(rawPath)) {
            if (segment.isEmpty()) {
                return "It has an empty segment: two slashes, or one at the end.";
            }
            if (DOT_SEGMENT.matcher(segment).matches()) {
                return "It has a segment . or ..";
            }
        }
        return null;
    }

    private record Table(List<Line> routes) {}

    private record Line(
            String route,
            String service,
            List<String> roles,
            @Nullable String body,
            @Nullable String answer,
            String does) {
        Route toRoute() {
            var parts = route.split(" ", -1);
            if (parts.length != 2) {
                throw new IllegalArgumentException(
                        "a route is a method and a path, was \"" + route + "\"");
            }
            return new Route(
                    parts[0],
                    PathTemplate.of(parts[1]),
                    service,
                    expanded(),
                    oneOf(Route.BodyRule.values(), "body", body),
                    oneOf(AnswerRule.values(), "answer", answer) == AnswerRule.STREAMED,
                    does);
        }

        private Set<String> expanded() {
            var all = new ArrayList<String>();
            for (var role : roles) {
                if (role.equals("any")) {
                    all.addAll(ALL_ROLES);
                } else if (ALL_ROLES.contains(role)) {
                    all.add(role);
                } else {
                    throw new IllegalArgumentException(
                            "route %s: a role is any or one of %s, was \"%s\""
                                    .formatted(route, ALL_ROLES, role));
                }
            }
            if (all.isEmpty()) {
                throw new IllegalArgumentException("route %s: names no role".formatted(route));
            }
            return Set.copyOf(new HashSet<>(all));
        }

        /** The first is what an absent key means. */
        private <E extends Enum<E>> E oneOf(E[] rules, String key, @Nullable String value) {
            var names =
                    Stream.of(rules)
                            .map(rule -> rule.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .toList();
            int place = value == null ? 0 : names.indexOf(value);
            if (place < 0) {
                throw new IllegalArgumentException(
                        "route %s: %s is one of %s, was \"%s\""
                                .formatted(route, key, names, value));
            }
            return rules[place];
        }

        private enum AnswerRule {
            TIMED,
            STREAMED
        }
    }
}
