/**
 * Lists in pages: {@link io.clientele.common.paging.Page} out, {@link
 * io.clientele.common.paging.PageRequest} in.
 */
@NullMarked
package io.clientele.common.paging;

import org.jspecify.annotations.NullMarked;
