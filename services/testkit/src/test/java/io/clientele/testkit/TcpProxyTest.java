package io.clientele.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TcpProxyTest {
    private ServerSocket server;
    private TcpProxy proxy;

    @BeforeEach
    void startEchoServer() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("echo").start(this::serve);
        proxy = TcpProxy.to(server.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().name("echo-client").start(() -> echo(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void echo(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException gone) {
            // The proxy cut the connection, as the test wants.
            return;
        }
    }

    @Test
    void passesBytesBothWays() throws IOException {
        try (Socket client = connect()) {
            assertThat(ask(client, 42)).isEqualTo(42);
            assertThat(ask(client, 7)).isEqualTo(7);
        }
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void cutEndsOpenConnectionsAndRefusesNewOnes() throws IOException {
        try (Socket open = connect()) {
            assertThat(ask(open, 1)).isEqualTo(1);

            proxy.cut();

            assertEnded(open);
            try (Socket next = connect()) {
                assertEnded(next);
            }
        }
    }

    @Test
    void restoreLetsNewConnectionsThrough() throws IOException {
        proxy.cut();
        proxy.restore();

        try (Socket client = connect()) {
            assertThat(ask(client, 9)).isEqualTo(9);
        }
    }

    @Test
    void registeredProxyIsFoundByName() throws IOException {
        try (TcpProxy registered =
                TcpProxy.register(
                        "echo",
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), server.getLocalPort()))) {
            assertThat(TcpProxy.named("echo").port()).isEqualTo(registered.port());
        }
        assertThatThrownBy(() -> TcpProxy.named("absent"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("proxied=true");
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    }

    private static int ask(Socket client, int question) throws IOException {
        client.getOutputStream().write(question);
        return client.getInputStream().read();
    }

    /** The end of the stream or a reset, depending on what was under way. */
    private static void assertEnded(Socket socket) {
        int answer;
        try {
            answer = ask(socket, 1);
        } catch (IOException reset) {
            answer = -1;
        }
        assertThat(answer).isEqualTo(-1);
    }
}
