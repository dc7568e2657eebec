/**
 * Real servers for one machine: Kafka, PostgreSQL, a MongoDB-compatible store and Keycloak, each in
 * a process of its own, persistent or ephemeral. This library only starts, watches and stops them;
 * it uses the JDK alone, so that it can stand on any class path.
 *
 * <p>Entry point: {@link io.clientele.embedded.EmbeddedServers#start}. {@link
 * io.clientele.embedded.ManagedProcess} is the same guarded process for programs of the caller.
 */
@NullMarked
package io.clientele.embedded;

import org.jspecify.annotations.NullMarked;
