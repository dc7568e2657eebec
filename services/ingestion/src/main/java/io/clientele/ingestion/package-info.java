/**
 * The front door: keeps what a program allows, validates events and imports, and answers 202 only
 * when Kafka has them. Entry points: {@link io.clientele.ingestion.StartUp} and the resources of
 * the feature packages.
 */
@NullMarked
package io.clientele.ingestion;

import org.jspecify.annotations.NullMarked;
