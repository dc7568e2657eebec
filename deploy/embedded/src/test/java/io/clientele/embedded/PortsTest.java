package io.clientele.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void aTakenPortIsNamedWithItsServerAndTheRemedy() throws IOException {
        int base = Ports.freeBase();
        int port = base + ServerKind.MONGODB.portOffset();
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();

            assertThatThrownBy(() ->
                            EmbeddedServers.start(
                                    Options.ephemeral()
                                            .basePort(base)
                                            .servers(EnumSet.of(ServerKind.MONGODB))
                                            .environment(TestEnvironment.withoutAddresses())))
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessage(
                            "port "
                                    + port
                                    + ", needed by the MongoDB-compatible store, is taken by"
                                    + " another program: stop that program or move the platform"
                                    + " with --port");
        }
    }

    @Test
    void aFreeBaseHasFreePortsForEverything() {
        int base = Ports.freeBase();

        for (int port = base; port < base + Ports.RANGE; port++) {
            assertThat(Ports.isFree(port)).as("port %d", port).isTrue();
        }
    }
}
