package io.clientele.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;

/** Ports on the loopback interface. */
public final class Ports {
    /** How many ports from a base belong to one platform. */
    public static final int RANGE = 15;

    private Ports() {}

    /** Whether nothing listens on the port now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /**
     * Checks that a port is free.
     *
     * @param who what is to listen there, for the message
     * @throws EmbeddedServerException naming port, server and remedy
     */
    public static void requireFree(int port, String who) {
        if (!isFree(port)) {
            throw new EmbeddedServerException(
                    "port "
                            + port
                            + ", needed by "
                            + who
                            + ", is taken by another program: stop that program or move the"
                            + " platform with --port");
        }
    }

    /**
     * A base with {@link #RANGE} free ports, below those the system gives to outgoing connections.
     * Another process may take one before it is used.
     */
    public static int freeBase() {
        SecureRandom random = new SecureRandom();
        for (int attempt = 0; attempt < 200; attempt++) {
            int base = 12_000 + RANGE * random.nextInt(1_300);
            if (allFree(base)) {
                return base;
            }
        }
        throw new EmbeddedServerException(
                "no "
                        + RANGE
                        + " free ports in a row between 12000 and 31500: close some programs");
    }

    private static boolean allFree(int base) {
        for (int port = base; port < base + RANGE; port++) {
            if (!isFree(port)) {
                return false;
            }
        }
        return true;
    }
}
