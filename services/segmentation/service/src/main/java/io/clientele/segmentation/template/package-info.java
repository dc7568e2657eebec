/**
 * Segments ready to be made: a condition and a care strategy for each way to segment that needs no
 * trained model. Only {@link io.clientele.segmentation.template.TemplateResource} is seen outside.
 */
@NullMarked
package io.clientele.segmentation.template;

import org.jspecify.annotations.NullMarked;
