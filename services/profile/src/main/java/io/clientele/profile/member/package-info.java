/**
 * Members: {@link io.clientele.profile.member.ApplyStep} is their only writer, {@link
 * io.clientele.profile.member.MemberResource} shows them. What one event says about a member is
 * told by {@link io.clientele.profile.member.Declarations}, a pure function; what a member becomes
 * by it, by {@link io.clientele.profile.member.Member}.
 */
@NullMarked
package io.clientele.profile.member;

import org.jspecify.annotations.NullMarked;
