/**
 * The one place that knows who a member is. Entry points: {@link
 * io.clientele.profile.ProfileService}, which starts and stops everything, the packages {@code
 * identity} (resolve), {@code member} (apply and the routes) and {@code watermark}.
 */
@NullMarked
package io.clientele.profile;

import org.jspecify.annotations.NullMarked;
