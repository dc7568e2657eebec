/**
 * What tests of several modules need: real servers ({@link io.clientele.testkit.KafkaResource} and
 * its kin), tokens of the real Keycloak ({@link io.clientele.testkit.Tokens}), faults ({@link
 * io.clientele.testkit.TcpProxy}, {@link io.clientele.testkit.ServerFaults}), the shared rules of
 * architecture ({@link io.clientele.testkit.ServiceArchitecture}), clocks and seeds. Test scope
 * only.
 */
@NullMarked
package io.clientele.testkit;

import org.jspecify.annotations.NullMarked;
