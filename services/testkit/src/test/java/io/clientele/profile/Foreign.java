package io.clientele.profile;

/** Of another service, in a package without marks. */
public final class Foreign {
    private Foreign() {}

    public static int answer() {
        return 42;
    }
}
