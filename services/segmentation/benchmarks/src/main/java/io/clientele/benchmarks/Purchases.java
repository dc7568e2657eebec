package io.clientele.benchmarks;

import java.util.random.RandomGenerator;

/**
 * Purchases in the order of time, as columns: 18 bytes each. Immutable by convention: nobody writes
 * to the arrays once they are made.
 */
final class Purchases {
    /** Sorted; milliseconds since 1970. */
    final long[] times;

    /** Numbers of members. */
    final int[] buyers;

    final short[] cents;

    /** Indexes into {@link World#CATEGORIES}, {@link World#STORES}, {@link World#CHANNELS}. */
    final byte[] categories;

    final short[] stores;
    final byte[] channels;

    private Purchases(int count) {
        times = new long[count];
        buyers = new int[count];
        cents = new short[count];
        categories = new byte[count];
        stores = new short[count];
        channels = new byte[count];
    }

    /**
     * Spreads purchases evenly over {@code (begin, begin + length]}: each lies at a random
     * millisecond of its own n-th part.
     *
     * @param ranked the members by popularity: the buyer is the one at {@code ranked.length * u^2}
     *     for a uniform u, so that the density falls with the root of the rank
     */
    static Purchases create(
            RandomGenerator random, int[] ranked, long begin, long length, int count) {
        Purchases made = new Purchases(count);
        double step = (double) length / count;
        for (int i = 0; i < count; i++) {
            made.times[i] =
                    Math.min(begin + length, begin + 1 + (long) ((i + random.nextDouble()) * step));
            double u = random.nextDouble();
            made.buyers[i] = ranked[(int) (ranked.length * u * u)];
            made.cents[i] = (short) cents(random);
            long draw = random.nextLong();
            made.categories[i] = (byte) part(draw, 0, World.CATEGORIES.size());
            made.stores[i] = (short) part(draw, 16, World.STORES.size());
            made.channels[i] = (byte) part(draw, 32, World.CHANNELS.size());
        }
        return made;
    }

    /** One purchase of each of the buyers, all at the same instant. */
    static Purchases together(int[] buyers, long millis) {
        Purchases made = new Purchases(buyers.length);
        for (int i = 0; i < buyers.length; i++) {
            made.times[i] = millis;
            made.buyers[i] = buyers[i];
            made.cents[i] = 5_000;
        }
        return made;
    }

    int count() {
        return times.length;
    }

    /** The index of the first purchase after {@code millis}. */
    int firstAfter(long millis) {
        int low = 0;
        int high = times.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[middle] <= millis) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** 16 bits of a draw, as a number below {@code bound}. */
    private static int part(long draw, int shift, int bound) {
        return (int) (((draw >>> shift & 0xFFFF) * bound) >>> 16);
    }

    /** Log-normal around the geometric middle of 20 and 150, cut at both. */
    private static int cents(RandomGenerator random) {
        double amount = Math.sqrt(20.0 * 150.0) * Math.exp(0.45 * random.nextGaussian());
        return (int) Math.round(Math.clamp(amount, 20.0, 150.0) * 100);
    }
}
