/**
 * Figures of segments and campaigns, derived from facts when they are asked for; docs/kpis.md
 * defines each. Entry points: {@link io.clientele.reporting.figure.ReportService}, {@link
 * io.clientele.reporting.figure.ReportResource}.
 */
@NullMarked
package io.clientele.reporting.figure;

import org.jspecify.annotations.NullMarked;
