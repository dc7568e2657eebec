/**
 * What each program allows, as the registry topic says; entry point {@link
 * io.clientele.profile.registry.Registry}.
 */
@NullMarked
package io.clientele.profile.registry;

import org.jspecify.annotations.NullMarked;
