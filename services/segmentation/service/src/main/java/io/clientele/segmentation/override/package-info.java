/**
 * Who is in a segment by name: overrides over a rule, static lists, frozen snapshots. All are the
 * same thing, an override of a member.
 */
@NullMarked
package io.clientele.segmentation.override;

import org.jspecify.annotations.NullMarked;
