package io.clientele.common.tenancy;

/** The roles a token can carry, for {@code @RolesAllowed}. */
public final class Roles {
    /** Sends events. */
    public static final String INGEST = "ingest";

    /** A campaign engine: reads feeds and addresses of its contacts, posts messages' fate. */
    public static final String ENGINE = "engine";

    /** Reads members. */
    public static final String AGENT = "agent";

    /** Designs segments and campaigns, reads reports. */
    public static final String MARKETER = "marketer";

    /** Reads segments and reports. */
    public static final String ANALYST = "analyst";

    /** Access and erasure. */
    public static final String PRIVACY = "privacy";

    /** Everything in its program. */
    public static final String ADMIN = "admin";

    private Roles() {}
}
