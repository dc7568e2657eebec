package io.clientele.simulator.platform;

/** Where access tokens come from. Thread-safe. */
@FunctionalInterface
public interface TokenSource {
    /**
     * A token that is good for at least some seconds more.
     *
     * @throws PlatformException if none is to be had
     */
    String token();
}
