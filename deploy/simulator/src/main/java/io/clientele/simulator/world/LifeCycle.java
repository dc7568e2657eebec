package io.clientele.simulator.world;

/** How a person's appetite to buy develops between enrollment and the end of the time simulated. */
public enum LifeCycle {
    /** Buys ever more often. */
    RISING,
    /** Buys as often as ever. */
    STEADY,
    /** Buys ever more rarely, but still does. */
    DECLINING,
    /** Stops one day, without saying so. */
    LAPSED;

    /** No intensity is above this. */
    static final double HIGHEST_INTENSITY = 1.6;

    /**
     * How often a person buys, relative to its own mean.
     *
     * @param share of the time since enrollment that is over, from 0 to 1
     */
    double intensity(double share) {
        return switch (this) {
            case RISING -> 0.4 + 1.2 * share;
            case STEADY, LAPSED -> 1.0;
            case DECLINING -> 1.6 - 1.3 * share;
        };
    }
}
