package io.clientele.engine;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Exact decimals of up to {@value #PLACES} places as integers scaled by {@value #UNIT}. */
final class Decimals {
    static final int PLACES = 6;
    static final long UNIT = 1_000_000L;

    private static final long LARGEST_WHOLE = Long.MAX_VALUE / UNIT;

    private Decimals() {}

    /** The scaled integer, or null if the number has more places or is too large. */
    static @Nullable Long scale(BigDecimal number) {
        // Numbers such as 1e999999999 must not be written out to find that they are too large.
        if (number.signum() == 0) {
            return 0L;
        }
        if ((long) number.precision() - number.scale() > 13) {
            return null;
        }
        BigDecimal stripped = number.stripTrailingZeros();
        if (stripped.scale() > PLACES) {
            return null;
        }
        BigInteger scaled = stripped.setScale(PLACES).unscaledValue();
        // The smallest long has no opposite.
        return scaled.abs().bitLength() < Long.SIZE ? scaled.longValue() : null;
    }

    /** The scaled integer of a JSON number as plain Java, or null if it does not fit. */
    static @Nullable Long scale(Number number) {
        if (number instanceof Integer || number instanceof Long || number instanceof Short) {
            long whole = number.longValue();
            return whole >= -LARGEST_WHOLE && whole <= LARGEST_WHOLE ? whole * UNIT : null;
        }
        if (number instanceof BigDecimal exact) {
            return scale(exact);
        }
        if (number instanceof BigInteger exact) {
            return scale(new BigDecimal(exact));
        }
        double inexact = number.doubleValue();
        return Double.isFinite(inexact) ? scale(BigDecimal.valueOf(inexact)) : null;
    }

    static long requireScaled(BigDecimal number) {
        Long scaled = scale(number);
        if (scaled == null) {
            throw new IllegalArgumentException(
                    "a number has at most 6 decimal places and is at most 9,223,372,036,854 in"
                            + " size, was "
                            + number);
        }
        return scaled;
    }

    /** Without exponent and without zeros at the end. */
    static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    static BigDecimal unscale(long scaled) {
        BigDecimal number = BigDecimal.valueOf(scaled, PLACES).stripTrailingZeros();
        return number.scale() < 0 ? number.setScale(0) : number;
    }
}
