/**
 * The programs that run in the servers' own JVMs: {@link
 * io.clientele.embedded.servers.KafkaProgram}, {@link io.clientele.embedded.servers.MongoProgram}
 * and the short-lived {@link io.clientele.embedded.servers.ExtractProgram}. The control library
 * starts them by name; nothing else uses this module's classes.
 */
@NullMarked
package io.clientele.embedded.servers;

import org.jspecify.annotations.NullMarked;
