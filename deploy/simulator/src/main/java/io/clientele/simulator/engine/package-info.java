/**
 * The simulator's campaign engine: reads contacts from the public feed, sends nothing to anybody,
 * and reports what would have become of the messages. {@link CampaignEngine} is the way in.
 */
@NullMarked
package io.clientele.simulator.engine;

import org.jspecify.annotations.NullMarked;
