package io.clientele.simulator.world;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Random numbers of one purpose: they follow from the seed and what they are for. Not thread-safe.
 */
public final class Draws {
    private final SplittableRandom random;

    private Draws(SplittableRandom random) {
        this.random = random;
    }

    /**
     * The numbers for one purpose of one person.
     *
     * @param purpose told apart from others by its number only
     */
    public static Draws of(long seed, long person, int purpose) {
        long state = seed * 0x9E3779B97F4A7C15L;
        state = mix(state + person) * 0xD1B54A32D192ED03L;
        return new Draws(new SplittableRandom(mix(state + purpose)));
    }

    /** Stafford's mixer, variant 13: neighbors get unrelated values. */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /** From 0 inclusive to 1 exclusive. */
    public double uniform() {
        return random.nextDouble();
    }

    /** From the first inclusive to the second exclusive. */
    public double uniform(double from, double to) {
        return from + (to - from) * random.nextDouble();
    }

    /** From 0 inclusive to {@code bound} exclusive. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** Whether something of this probability happens. */
    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    double normal() {
        return random.nextGaussian();
    }

    /** Exponential. */
    public double exponential(double mean) {
        return mean * random.nextExponential();
    }

    /** Gamma by Marsaglia and Tsang (2000); {@code shape} of 1 or more. */
    double gamma(double shape, double scale) {
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = normal();
            double v = Math.pow(1 + c * x, 3);
            if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
                return d * v * scale;
            }
        }
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
