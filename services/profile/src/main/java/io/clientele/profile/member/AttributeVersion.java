package io.clientele.profile.member;

/**
 * The value of an attribute in force, and the event that declared it.
 *
 * @param declared name, value, who may see it; a value taken away stays, so that an older event
 *     does not bring back what came before
 * @param moment since when
 */
record AttributeVersion(Declared declared, Moment moment) {}
