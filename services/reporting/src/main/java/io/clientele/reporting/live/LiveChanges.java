package io.clientele.reporting.live;

import io.clientele.contracts.ResponseKind;
import io.clientele.contracts.SegmentMembershipRecord;
import java.util.List;
import java.util.Map;

/**
 * What a committed batch changed in a program.
 *
 * @param events member events it brought
 * @param sizes by how much segments grew
 * @param memberships the membership changes, in their order
 * @param contacts new contacts, by campaign
 * @param responses contacts that were answered in a way for the first time, less those whose answer
 *     was taken back, by campaign
 */
public record LiveChanges(
        long events,
        Map<String, Long> sizes,
        List<SegmentMembershipRecord.Changed> memberships,
        Map<String, Long> contacts,
        Map<String, Map<ResponseKind, Long>> responses) {
    /** Takes copies. */
    public LiveChanges {
        sizes = Map.copyOf(sizes);
        memberships = List.copyOf(memberships);
        contacts = Map.copyOf(contacts);
        responses = Map.copyOf(responses);
    }
}
