/**
 * Who is in which segment, now and at any past instant; explanations. Entry point: {@link
 * io.clientele.segmentation.membership.MembershipService}.
 */
@NullMarked
package io.clientele.segmentation.membership;

import org.jspecify.annotations.NullMarked;
