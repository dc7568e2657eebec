package io.clientele.gateway.route;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A path with parameters: {@code /v1/segments/{key}/members}. Compared with raw paths, segment by
 * segment: a literal must be written exactly so, a parameter takes any one segment that is not
 * empty.
 */
public final class PathTemplate implements Comparable<PathTemplate> {
    private static final Pattern PARAMETER = Pattern.compile("\\{[A-Za-z]+}");
    private static final Pattern LITERAL = Pattern.compile("[a-z0-9-]+");

    private final String text;
    private final List<String> segments;

    private PathTemplate(String text, List<String> segments) {
        this.text = text;
        this.segments = segments;
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static PathTemplate of(String text) {
        var segments = text.startsWith("/") ? split(text) : List.<String>of();
        if (segments.isEmpty()
                || !segments.stream()
                        .allMatch(s ->
                                LITERAL.matcher(s).matches() || PARAMETER.matcher(s).matches())) {
            throw new IllegalArgumentException(
                    "a path is /-separated literals [a-z0-9-]+ and {parameters}, was \""
                            + text
                            + "\"");
        }
        return new PathTemplate(text, segments);
    }

    /** The segments of a raw path that begins with a slash; a trailing slash makes an empty one. */
    static List<String> split(String rawPath) {
        return List.of(rawPath.substring(1).split("/", -1));
    }

    boolean matches(List<String> rawSegments) {
        if (rawSegments.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            var wanted = segments.get(i);
            var given = rawSegments.get(i);
            if (isParameter(wanted) ? given.isEmpty() : !wanted.equals(given)) {
                return false;
            }
        }
        return true;
    }

    /** The template with every parameter called the same: two of one shape take the same paths. */
    public String shape() {
        return PARAMETER.matcher(text).replaceAll("{}");
    }

    private static boolean isParameter(String segment) {
        return segment.startsWith("{");
    }

    /** Orders those that must be tried first before the others: literals before parameters. */
    @Override
    public int compareTo(PathTemplate other) {
        int shared = Math.min(segments.size(), other.segments.size());
        for (int i = 0; i < shared; i++) {
            var mine = segments.get(i);
            var its = other.segments.get(i);
            int byKind = Boolean.compare(isParameter(mine), isParameter(its));
            if (byKind != 0) {
                return byKind;
            }
            int byText = mine.compareTo(its);
            if (byText != 0) {
                return byText;
            }
        }
        return Integer.compare(segments.size(), other.segments.size());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathTemplate template && template.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
