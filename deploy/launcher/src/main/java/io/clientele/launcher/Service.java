package io.clientele.launcher;

import io.clientele.launcher.PlatformPorts.Slot;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The programs of the platform itself, in the order in which they start; they stop in the opposite
 * order.
 */
public enum Service {
    /** Program registry, events and imports. */
    INGESTION("services/ingestion", Slot.INGESTION, 320),
    /** Members. */
    PROFILE("services/profile", Slot.PROFILE, 384),
    /** Segments. */
    SEGMENTATION("services/segmentation/service", Slot.SEGMENTATION, 768),
    /** Campaigns. */
    CAMPAIGN_RESPONSE("services/campaign-response", Slot.CAMPAIGN_RESPONSE, 320),
    /** Figures. */
    REPORTING("services/reporting", Slot.REPORTING, 320),
    /** The door. */
    GATEWAY("gateway", Slot.GATEWAY, 256);

    private final String module;
    private final Slot slot;
    private final int heapMiB;

    Service(String module, Slot slot, int heapMiB) {
        this.module = module;
        this.slot = slot;
        this.heapMiB = heapMiB;
    }

    /** The name in logs and commands: lower case, with dashes. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Where it listens in the set of ports. */
    Slot slot() {
        return slot;
    }

    /**
     * The most heap its JVM may take, in MiB, unless {@code CLIENTELE_<SERVICE>_JAVA_OPTIONS} says
     * otherwise.
     */
    int heapMiB() {
        return heapMiB;
    }

    /** The jar Maven builds, below the project's root. */
    Path runner(Path root) {
        return root.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
    }

    /** The environment variable with further options of its JVM, separated by spaces. */
    String javaOptionsVariable() {
        return "CLIENTELE_" + name() + "_JAVA_OPTIONS";
    }
}
