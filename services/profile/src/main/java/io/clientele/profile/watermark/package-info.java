/**
 * How far this service is: {@link io.clientele.profile.watermark.Watermarks} tells readers of
 * member events up to which instant nothing is missing.
 */
@NullMarked
package io.clientele.profile.watermark;

import org.jspecify.annotations.NullMarked;
