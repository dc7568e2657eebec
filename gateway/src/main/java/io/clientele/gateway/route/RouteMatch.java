package io.clientele.gateway.route;

import java.util.SortedSet;

/** What the table says to a request. */
public sealed interface RouteMatch {
    /**
     * Goes there, if the token's roles allow.
     *
     * @param route the line
     */
    record Found(Route route) implements RouteMatch {}

    /**
     * The path is known, the method is not.
     *
     * @param allowed the methods that are
     */
    record WrongMethod(SortedSet<String> allowed) implements RouteMatch {}

    /** Not in the table. */
    record Unknown() implements RouteMatch {}

    /**
     * A path that two readers could read differently, so nobody does.
     *
     * @param reason what is wrong with it
     */
    record Malformed(String reason) implements RouteMatch {}
}
