package io.clientele.simulator.world;

/**
 * What a person really is. No event says it; the platform can only guess. It decides what a contact
 * does to the person, which is the truth that a measured uplift is held against.
 */
public enum TrueSegment {
    /** Buys often, and would do so without being asked. */
    LOYAL(0.20, 0.04, 0.60, 0.30),
    /** Buys now and then; a reminder helps. */
    REGULAR(0.10, 0.24, 0.45, 0.35),
    /** Waits for an offer. */
    BARGAIN_HUNTER(0.06, 0.46, 0.70, 0.60),
    /** Comes rarely. */
    OCCASIONAL(0.05, 0.10, 0.25, 0.25),
    /** Buys for others, before the holidays. */
    GIFT_GIVER(0.05, 0.06, 0.30, 0.20),
    /** Is put off by being contacted. */
    PRIVATE(0.08, -0.05, 0.15, 0.10);

    private final double baseline;
    private final double contactEffect;
    private final double openRate;
    private final double clickRate;

    TrueSegment(double baseline, double contactEffect, double openRate, double clickRate) {
        this.baseline = baseline;
        this.contactEffect = contactEffect;
        this.openRate = openRate;
        this.clickRate = clickRate;
    }

    /** Probability that somebody who looks at products buys soon after, uncontacted. */
    public double baseline() {
        return baseline;
    }

    /** What a contact adds to {@link #baseline}; below zero where it does harm. */
    public double contactEffect() {
        return contactEffect;
    }

    /** Probability that a message that arrived is opened. */
    public double openRate() {
        return openRate;
    }

    /** Probability that a link in an opened message is followed. */
    public double clickRate() {
        return clickRate;
    }
}
