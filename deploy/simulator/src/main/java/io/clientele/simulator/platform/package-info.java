/**
 * The platform as a customer's system meets it: HTTP through the gateway, nothing else. {@link
 * PlatformClient} asks, {@link EventSender} sends much, {@link DueEvents} sends what happens now.
 */
@NullMarked
package io.clientele.simulator.platform;

import org.jspecify.annotations.NullMarked;
