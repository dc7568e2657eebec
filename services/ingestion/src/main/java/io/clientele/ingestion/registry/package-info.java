/**
 * What programs allow, kept in PostgreSQL, held in memory and published to the compacted topic
 * {@code program-registry} through an outbox. Entry points: {@link
 * io.clientele.ingestion.registry.Registry} to read, {@link
 * io.clientele.ingestion.registry.RegistryService} to write.
 */
@NullMarked
package io.clientele.ingestion.registry;

import org.jspecify.annotations.NullMarked;
