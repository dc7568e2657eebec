package io.clientele.reporting.figure;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Reports as CSV (RFC 4180): a header line, then a line for each item. Columns have the names and
 * the order of the items' JSON; a figure that is undefined is an empty field.
 */
final class ReportCsv {
    private ReportCsv() {}

    /** The items of a report, without its total. */
    static String of(Object report) {
        JsonNode tree = Json.mapper().valueToTree(report);
        var names = columns(report);
        var text = new StringBuilder();
        try (var csv = new CSVPrinter(text, CSVFormat.RFC4180)) {
            csv.printRecord(names);
            for (var item : tree.path("items")) {
                csv.printRecord(names.stream().map(name -> field(item.path(name))).toList());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static List<String> columns(Object report) {
        var names = new ArrayList<String>();
        var item =
                switch (report) {
                    case SegmentsReport ignored -> SegmentsReport.Item.class;
                    case SegmentReport ignored -> SegmentReport.Part.class;
                    case CampaignReport ignored -> CampaignReport.Item.class;
                    default -> throw new IllegalArgumentException("no report: " + report);
                };
        for (var component : item.getRecordComponents()) {
            if (component.getType().isRecord()) {
                for (var inner : component.getType().getRecordComponents()) {
                    names.add(inner.getName());
                }
            } else {
                names.add(component.getName());
            }
        }
        return names;
    }

    private static String field(JsonNode value) {
        return value.isNull() || value.isMissingNode() ? "" : value.asText();
    }
}
