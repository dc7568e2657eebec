package io.clientele.segmentation.shard;

import io.clientele.contracts.DeadLetter;
import io.clientele.contracts.MemberSegments;
import io.clientele.contracts.SegmentMembershipRecord;

/** Where a shard's output goes; all of a record's output is one transaction with its state. */
interface Outlet {
    /** Publishes a change, inside and to the program. */
    void changed(SegmentMembershipRecord.Changed change);

    /** Tells history that a member's past differs from what was recorded. */
    void corrected(SegmentMembershipRecord.Corrected correction);

    /** Publishes where a member stands. */
    void memberSegments(MemberSegments segments);

    /** Sets a record aside that can never be applied. */
    void refused(DeadLetter letter);
}
