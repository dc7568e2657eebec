/**
 * Checks of the Containerfile, compose.yaml and k8s/. What they need beside the JDK they install
 * ({@link io.clientele.images.Tools}) or find ({@link io.clientele.images.Podman}), and say so.
 */
@NullMarked
package io.clientele.images;

import org.jspecify.annotations.NullMarked;
