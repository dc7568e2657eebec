package io.clientele.contracts;

/**
 * The Kafka topics of the platform. Services share these constants; no topic name is left to a
 * default.
 */
public final class Topics {
    /**
     * Validated events as ingestion accepted them: {@link ReceivedEvent}. Key: {@code
     * program:member} or {@code program:identityType:identityValue}. Log, 14 days. Internal: may
     * hold personal data.
     */
    public static final String MEMBER_EVENTS_RECEIVED = "member-events-received";

    /**
     * What {@link #MEMBER_EVENTS_RECEIVED} says, with its member known: internal to profile. Key:
     * {@code program:member}. As many partitions as {@link #MEMBER_EVENTS}.
     */
    public static final String MEMBER_EVENTS_RESOLVED = "member-events-resolved";

    /**
     * Everything about a member in one order, in one partition: {@link MemberRecord}. Key: {@code
     * program:member}. Log, 14 days.
     */
    public static final String MEMBER_EVENTS = "member-events";

    /** The latest {@link MemberProfile} of each member. Key: {@code program:member}. Compacted. */
    public static final String MEMBER_PROFILES = "member-profiles";

    /**
     * What a program allows: {@link RegistryRecord}. Key: {@link RegistryRecord#key()}. Compacted,
     * one partition.
     */
    public static final String PROGRAM_REGISTRY = "program-registry";

    /**
     * Segment versions, {@link SegmentDefinition}, written to every partition in one transaction.
     * Key: {@code program:segment}. Compacted; as many partitions as {@link #MEMBER_EVENTS}.
     */
    public static final String SEGMENT_DEFINITIONS = "segment-definitions";

    /**
     * Members set in or out of segments by hand, {@link SegmentOverride}, each in its member's
     * partition. Key: {@code program:segment:member}. Compacted; as many partitions as {@link
     * #MEMBER_EVENTS}. Internal.
     */
    public static final String SEGMENT_OVERRIDES = "segment-overrides";

    /**
     * Every program's membership changes: {@link SegmentMembershipRecord}. Key: {@code
     * program:member}. Log, 14 days. Internal.
     */
    public static final String SEGMENT_MEMBERSHIPS = "segment-memberships";

    /**
     * The segments each member is in now: {@link MemberSegments}. Key: {@code program:member}.
     * Compacted. Internal.
     */
    public static final String MEMBER_SEGMENTS = "member-segments";

    /**
     * Every program's contacts, treated members only: {@link CampaignContact}. Key: {@code
     * program:member}. Log, 14 days. Internal.
     */
    public static final String CAMPAIGN_CONTACTS = "campaign-contacts";

    /**
     * What members did about contacts: {@link CampaignResponse}. Key: {@code program:member}. Log,
     * 14 days. Internal.
     */
    public static final String CAMPAIGN_RESPONSES = "campaign-responses";

    /** Records that can never be read or applied: {@link DeadLetter}. Key: the record's own. */
    public static final String DEAD_LETTERS = "dead-letters";

    private Topics() {}

    /**
     * The program's own copy of {@link #SEGMENT_MEMBERSHIPS}, for campaign engines; its principal
     * alone may read it.
     */
    public static String segmentMembershipsOf(ProgramId program) {
        return program.value() + ".segment-memberships.v1";
    }

    /**
     * The program's own copy of {@link #MEMBER_SEGMENTS}, compacted, for a subscriber to bootstrap
     * from.
     */
    public static String memberSegmentsOf(ProgramId program) {
        return program.value() + ".member-segments.v1";
    }

    /** The program's own copy of {@link #CAMPAIGN_CONTACTS}, for campaign engines. */
    public static String campaignContactsOf(ProgramId program) {
        return program.value() + ".campaign-contacts.v1";
    }
}
