/**
 * What is known of members here: their attributes without anything personal, and the segments they
 * are in now. Entry point: {@link io.clientele.campaignresponse.member.MemberRepository}.
 */
@NullMarked
package io.clientele.campaignresponse.member;

import org.jspecify.annotations.NullMarked;
