/**
 * Whose data a request may touch. {@link io.clientele.common.tenancy.CurrentProgram} says which
 * program the verified token names; {@link io.clientele.common.tenancy.ProgramTransactions} opens
 * database transactions that see nothing else.
 */
@NullMarked
package io.clientele.common.tenancy;

import org.jspecify.annotations.NullMarked;
