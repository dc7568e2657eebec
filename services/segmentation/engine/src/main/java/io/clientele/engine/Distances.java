package io.clientele.engine;

/** Distances on a sphere of the earth's mean radius. */
final class Distances {
    static final double EARTH_RADIUS_KM = 6371.0088;

    /** Wider by this much than it need be, in degrees, so that rounding leaves nobody out. */
    private static final double MARGIN = 1e-6;

    private Distances() {}

    /**
     * A box around a circle, in degrees. {@code halfWidth} is of longitude; 180 where the circle
     * holds a pole.
     */
    record Box(double south, double north, double longitude, double halfWidth) {
        boolean contains(double latitude, double atLongitude) {
            if (latitude < south || latitude > north) {
                return false;
            }
            double east = Math.abs(atLongitude - longitude);
            return Math.min(east, 360 - east) <= halfWidth;
        }
    }

    /** The box around all places within a distance. */
    static Box box(double latitude, double longitude, double km) {
        double radius = Math.min(Math.max(km, 0) / EARTH_RADIUS_KM, Math.PI);
        double south = latitude - Math.toDegrees(radius) - MARGIN;
        double north = latitude + Math.toDegrees(radius) + MARGIN;
        double halfWidth = 180;
        if (south > -90 && north < 90) {
            double sine = Math.sin(radius) / Math.cos(Math.toRadians(latitude));
            halfWidth = sine < 1 ? Math.toDegrees(Math.asin(sine)) + MARGIN : 180;
        }
        return new Box(south, north, longitude, halfWidth);
    }

    /**
     * By the haversine formula; {@link StrictMath}, so that every machine draws the same border.
     */
    static double km(double latitude, double longitude, double toLatitude, double toLongitude) {
        double north = StrictMath.toRadians(toLatitude - latitude);
        double east = StrictMath.toRadians(toLongitude - longitude);
        double sinNorth = StrictMath.sin(north / 2);
        double sinEast = StrictMath.sin(east / 2);
        double haversine =
                sinNorth * sinNorth
                        + StrictMath.cos(StrictMath.toRadians(latitude))
                                * StrictMath.cos(StrictMath.toRadians(toLatitude))
                                * sinEast
                                * sinEast;
        return 2 * EARTH_RADIUS_KM * StrictMath.asin(Math.min(1, StrictMath.sqrt(haversine)));
    }
}
