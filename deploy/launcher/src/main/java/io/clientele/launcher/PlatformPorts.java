package io.clientele.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The ports of one platform, all counted from the first one, so that moving one number moves the
 * whole set.
 *
 * @param base the gateway's port, 1 to {@value #HIGHEST_BASE}
 */
public record PlatformPorts(int base) {
    /** The gateway's port unless the user chooses another. */
    public static final int DEFAULT_BASE = 8080;

    private static final int SPAN = 14;
    static final int HIGHEST_BASE = 65_535 - SPAN;
    private static final int CONNECT_TIMEOUT_MILLIS = 200;

    /**
     * A place in the set: its distance from the base and, in the user's words, what listens there.
     */
    public enum Slot {
        GATEWAY(0, "gateway"),
        INGESTION(1, "ingestion"),
        PROFILE(2, "profile"),
        SEGMENTATION(3, "segmentation"),
        CAMPAIGN_RESPONSE(4, "campaign-response"),
        REPORTING(5, "reporting"),
        KEYCLOAK(10, "Keycloak"),
        KAFKA(11, "Kafka"),
        KAFKA_CONTROLLER(12, "Kafka's controller"),
        POSTGRESQL(13, "PostgreSQL"),
        MONGODB(14, "MongoDB-compatible store");

        private final int offset;
        private final String owner;

        Slot(int offset, String owner) {
            this.offset = offset;
            this.owner = owner;
        }

        /** What listens there, as a user would call it. */
        public String owner() {
            return owner;
        }
    }

    public PlatformPorts {
        if (base < 1 || base > HIGHEST_BASE) {
            throw new IllegalArgumentException(
                    "the first port must be between 1 and " + HIGHEST_BASE + ", was " + base);
        }
    }

    /** The port number of a slot. */
    public int of(Slot slot) {
        return base + slot.offset;
    }

    /** The last port of the set, inclusive. */
    public int last() {
        return base + SPAN;
    }

    /**
     * Ends with a clear sentence if one of the ports is in use on this machine. Takes under a
     * second.
     *
     * @throws LauncherException naming each taken port, what wants it, and a free set
     */
    void requireFree(Collection<Slot> wanted) {
        List<String> taken = new ArrayList<>();
        for (Slot slot : wanted) {
            if (isTaken(of(slot))) {
                taken.add("port " + of(slot) + " (wanted by " + slot.owner() + ")");
            }
        }
        if (taken.isEmpty()) {
            return;
        }
        String first =
                taken.size() == 1 ? taken.getFirst() + " is" : String.join(", ", taken) + " are";
        throw new LauncherException(
                first.substring(0, 1).toUpperCase(java.util.Locale.ROOT)
                        + first.substring(1)
                        + " in use by another program. Stop that program, or move the whole set of"
                        + " ports with --port, for example --port "
                        + freeBase(wanted)
                        + ".");
    }

    private int freeBase(Collection<Slot> wanted) {
        for (int candidate = base + 1_000; candidate <= HIGHEST_BASE; candidate += 1_000) {
            PlatformPorts ports = new PlatformPorts(candidate);
            if (wanted.stream().noneMatch(slot -> isTaken(ports.of(slot)))) {
                return candidate;
            }
        }
        return DEFAULT_BASE;
    }

    private static boolean isTaken(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException unavailable) {
            return true;
        }
        // Some systems let a loopback address be bound beside a listener on all addresses.
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    CONNECT_TIMEOUT_MILLIS);
            return true;
        } catch (IOException nobodyListens) {
            return false;
        }
    }
}
