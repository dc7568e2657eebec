/**
 * Every record that crosses a service border, and the names of the topics it travels on. Entry
 * points: {@link io.clientele.contracts.Topics} and {@link io.clientele.contracts.MemberRecord}. No
 * behavior lives here beyond the checks a record makes of itself.
 */
@NullMarked
package io.clientele.contracts;

import org.jspecify.annotations.NullMarked;
