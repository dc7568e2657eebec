/**
 * Tests of the segment language: an oracle of its own, examples of the documentation, the borders
 * of the module.
 */
@NullMarked
package io.clientele.engine;

import org.jspecify.annotations.NullMarked;
