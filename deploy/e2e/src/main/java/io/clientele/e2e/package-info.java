/**
 * The whole platform as one thing: starts the real processes, drives them through the gateway, and
 * measures them. Entry points: {@link io.clientele.e2e.RunningPlatform} and, for the figures,
 * {@link io.clientele.e2e.PlatformBench}.
 */
@NullMarked
package io.clientele.e2e;

import org.jspecify.annotations.NullMarked;
