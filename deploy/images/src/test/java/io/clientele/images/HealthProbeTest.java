package io.clientele.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HealthProbeTest {
    @Test
    void isReadyOnlyWhenTheServiceSaysSo() throws IOException {
        assertThat(probe(200)).isTrue();
        assertThat(probe(503)).isFalse();
    }

    @Test
    void isNotReadyWhenNothingListens() throws IOException {
        HttpServer server = server(200);
        int port = server.getAddress().getPort();
        server.stop(0);

        assertThat(HealthProbe.isReady(environment(port))).isFalse();
    }

    private static boolean probe(int status) throws IOException {
        HttpServer server = server(status);
        try {
            return HealthProbe.isReady(environment(server.getAddress().getPort()));
        } finally {
            server.stop(0);
        }
    }

    private static HttpServer server(int status) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/q/health/ready",
                exchange -> {
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        server.start();
        return server;
    }

    private static Map<String, String> environment(int port) {
        return Map.of("QUARKUS_HTTP_PORT", Integer.toString(port));
    }
}
