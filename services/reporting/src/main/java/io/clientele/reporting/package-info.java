/**
 * Reporting: figures of segments and campaigns over time, and what happens now. Entry points:
 * {@link io.clientele.reporting.fact.FactConsumer}, which keeps the facts, and {@link
 * io.clientele.reporting.figure.ReportService}, which derives figures from them.
 */
@NullMarked
package io.clientele.reporting;

import org.jspecify.annotations.NullMarked;
