/** The connection to the store, MongoDB; entry point {@link io.clientele.profile.store.Store}. */
@NullMarked
package io.clientele.profile.store;

import org.jspecify.annotations.NullMarked;
