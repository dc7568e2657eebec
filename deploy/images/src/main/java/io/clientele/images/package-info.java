/**
 * What goes into every image beside the service: {@link io.clientele.images.HealthProbe}. Needs the
 * JDK only.
 */
@NullMarked
package io.clientele.images;

import org.jspecify.annotations.NullMarked;
