package io.clientele.launcher;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Stands in for a service in tests of the launcher: listens where it is told and says that it is
 * ready. Fails at once if {@code FAKE_FAILS} names its port.
 */
public final class FakeService {
    private FakeService() {}

    /** Runs until a signal ends it. */
    public static void main(String[] arguments) throws IOException {
        String port = System.getenv("QUARKUS_HTTP_PORT");
        if (port.equals(System.getenv("FAKE_FAILS"))) {
            System.err.println("ERROR the database says no");
            System.exit(3);
        }
        HttpServer server =
                HttpServer.create(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), Integer.parseInt(port)),
                        0);
        server.createContext(
                "/q/health/ready",
                exchange -> {
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        server.start();
    }
}
