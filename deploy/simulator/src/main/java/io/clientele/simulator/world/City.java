package io.clientele.simulator.world;

/** Where people live. Population shares are made up; the places are real. */
public enum City {
    BANGKOK("Bangkok", 13.7563, 100.5018, 0.44, 0.12),
    CHIANG_MAI("Chiang Mai", 18.7883, 98.9853, 0.16, 0.08),
    KHON_KAEN("Khon Kaen", 16.4322, 102.8236, 0.12, 0.06),
    HAT_YAI("Hat Yai", 7.0084, 100.4767, 0.10, 0.06),
    PHUKET("Phuket", 7.8804, 98.3923, 0.10, 0.07),
    PATTAYA("Pattaya", 12.9236, 100.8825, 0.08, 0.05);

    private final String label;
    private final double latitude;
    private final double longitude;
    private final double share;
    private final double spreadDegrees;

    City(String label, double latitude, double longitude, double share, double spreadDegrees) {
        this.label = label;
        this.latitude = latitude;
        this.longitude = longitude;
        this.share = share;
        this.spreadDegrees = spreadDegrees;
    }

    /** The name as members write it. */
    public String label() {
        return label;
    }

    /** Of its center, degrees north. */
    double latitude() {
        return latitude;
    }

    /** Of its center, degrees east. */
    double longitude() {
        return longitude;
    }

    /** Standard deviation of homes around the center, in degrees. */
    double spreadDegrees() {
        return spreadDegrees;
    }

    /** The city of a person, from a number drawn from 0 to 1. */
    static City drawn(double uniform) {
        double left = uniform;
        for (City city : values()) {
            left -= city.share;
            if (left < 0) {
                return city;
            }
        }
        return BANGKOK;
    }
}
