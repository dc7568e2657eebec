/**
 * The segment language, its exact evaluator for one member, and shards that answer for all members
 * at once and follow segments as events and time come.
 *
 * <p>Entry points: {@link io.clientele.engine.Conditions} reads a condition from JSON or text
 * against a {@link io.clientele.engine.ProgramModel}; {@link io.clientele.engine.Evaluator} answers
 * for a {@link io.clientele.engine.MemberHistory}; {@link io.clientele.engine.Shard} holds members
 * in columns, and its {@link io.clientele.engine.Snapshot}s answer about them. Pure Java: no clock,
 * no I/O, no framework. Times have a resolution of one millisecond. {@code DESIGN.md} beside the
 * sources says how and why.
 */
@NullMarked
package io.clientele.engine;

import org.jspecify.annotations.NullMarked;
