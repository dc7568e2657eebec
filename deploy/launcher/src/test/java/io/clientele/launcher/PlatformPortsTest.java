package io.clientele.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.embedded.Ports;
import io.clientele.embedded.ServerKind;
import io.clientele.launcher.PlatformPorts.Slot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlatformPortsTest {
    @Test
    void countsEveryPortFromTheFirst() {
        var ports = new PlatformPorts(8080);

        assertThat(ports.of(Slot.GATEWAY)).isEqualTo(8080);
        assertThat(ports.of(Slot.INGESTION)).isEqualTo(8081);
        assertThat(ports.of(Slot.PROFILE)).isEqualTo(8082);
        assertThat(ports.of(Slot.SEGMENTATION)).isEqualTo(8083);
        assertThat(ports.of(Slot.KEYCLOAK)).isEqualTo(8090);
        assertThat(ports.of(Slot.KAFKA)).isEqualTo(8091);
        assertThat(ports.of(Slot.KAFKA_CONTROLLER)).isEqualTo(8092);
        assertThat(ports.of(Slot.POSTGRESQL)).isEqualTo(8093);
        assertThat(ports.of(Slot.MONGODB)).isEqualTo(8094);
        assertThat(ports.last()).isEqualTo(8094);
    }

    @Test
    void agreesWithTheServersOnTheirPorts() {
        var ports = new PlatformPorts(100);

        assertThat(ports.of(Slot.KEYCLOAK)).isEqualTo(100 + ServerKind.KEYCLOAK.portOffset());
        assertThat(ports.of(Slot.KAFKA)).isEqualTo(100 + ServerKind.KAFKA.portOffset());
        assertThat(ports.of(Slot.POSTGRESQL)).isEqualTo(100 + ServerKind.POSTGRES.portOffset());
        assertThat(ports.of(Slot.MONGODB)).isEqualTo(100 + ServerKind.MONGODB.portOffset());
    }

    @Test
    void refusesABaseWhoseLastPortDoesNotExist() {
        assertThatCode(() -> new PlatformPorts(65_521)).doesNotThrowAnyException();
        assertThatThrownBy(() -> new PlatformPorts(65_522))
                .hasMessage("the first port must be between 1 and 65521, was 65522");
    }

    @Test
    void namesTheTakenPortWhatWantsItAndTheWayOut() throws IOException {
        int base = Ports.freeBase();
        try (var _ = new ServerSocket(base + 2, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> new PlatformPorts(base).requireFree(EnumSet.allOf(Slot.class)))
                    .isInstanceOf(LauncherException.class)
                    .hasMessageStartingWith(
                            "Port "
                                    + (base + 2)
                                    + " (wanted by profile) is in use by another program.")
                    .hasMessageContaining("with --port, for example --port ");
        }
    }

    @Test
    void namesEveryTakenPort() throws IOException {
        int base = Ports.freeBase();
        try (var _ = new ServerSocket(base, 1, InetAddress.getLoopbackAddress());
                var _ = new ServerSocket(base + 11, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> new PlatformPorts(base).requireFree(EnumSet.allOf(Slot.class)))
                    .hasMessageStartingWith(
                            "Port "
                                    + base
                                    + " (wanted by gateway), port "
                                    + (base + 11)
                                    + " (wanted by Kafka) are in use by another program.");
        }
    }

    @Test
    void wantsNoPortForAServerGivenByAddress() {
        assertThat(
                        PlatformServers.wantedPorts(
                                Map.of(
                                        "CLIENTELE_KAFKA_BOOTSTRAP_SERVERS", "broker:9092",
                                        "CLIENTELE_MONGODB_URL", " ")))
                .containsExactlyInAnyOrder(Slot.KEYCLOAK, Slot.POSTGRESQL, Slot.MONGODB);
    }
}
