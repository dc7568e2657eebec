package io.clientele.ingestion.program;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.contracts.RegistryRecord.UnknownMembers;
import io.clientele.ingestion.IngestionError;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A program's settings as the API has them. What a {@code PUT} leaves out gets its default.
 *
 * @param id the program; not read from a body
 * @param timeZone IANA name, default {@code UTC}
 * @param currency ISO 4217, default {@code USD}
 * @param weekStart first day of calendar weeks, default {@code monday}
 * @param openAttributes default true
 * @param unknownMembers default create
 * @param retention ISO 8601 period, absent for ever
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "A program's settings; what a PUT leaves out gets its default.")
record ProgramSettings(
        @Schema(readOnly = true, examples = "demo") @Nullable String id,
        @Schema(
                        description = "IANA time zone of calendar windows, dates and birthdays",
                        defaultValue = "UTC")
                @Nullable String timeZone,
        @Schema(description = "ISO 4217: the currency of all amounts", defaultValue = "USD")
                @Nullable String currency,
        @Schema(description = "First day of calendar weeks", defaultValue = "monday")
                @Nullable String weekStart,
        @Schema(
                        description =
                                "true: unknown attributes are kept aside with a warning;"
                                        + " false: refused",
                        defaultValue = "true")
                @Nullable Boolean openAttributes,
        @Schema(description = "What an event of an unknown member does", defaultValue = "create")
                @Nullable UnknownMembers unknownMembers,
        @Schema(description = "ISO 8601 period that events are kept; absent: for ever")
                @Nullable String retention) {

    static ProgramSettings of(RegistryRecord.Program program) {
        return new ProgramSettings(
                program.program().value(),
                program.timeZone(),
                program.currency(),
                program.weekStart().toLowerCase(Locale.ROOT),
                program.openAttributes(),
                program.unknownMembers(),
                program.retention());
    }

    /**
     * The registry's record of this.
     *
     * @throws RequestException 422 naming every field that is not valid
     */
    RegistryRecord.Program toRecord(ProgramId program, long version) {
        var errors = new ArrayList<FieldError>();
        var zone = timeZone == null ? "UTC" : timeZone;
        try {
            ZoneId.of(zone);
        } catch (DateTimeException e) {
            errors.add(
                    new FieldError(
                            "/timeZone",
                            "expected an IANA time zone such as Europe/Paris, was \""
                                    + zone
                                    + "\""));
        }
        var money = currency == null ? "USD" : currency;
        if (Currency.getAvailableCurrencies().stream()
                .noneMatch(it -> it.getCurrencyCode().equals(money))) {
            errors.add(
                    new FieldError(
                            "/currency",
                            "expected an ISO 4217 code such as EUR, was \"" + money + "\""));
        }
        var day = weekStart == null ? "MONDAY" : weekStart.toUpperCase(Locale.ROOT);
        if (Arrays.stream(DayOfWeek.values()).noneMatch(it -> it.name().equals(day))) {
            errors.add(
                    new FieldError(
                            "/weekStart",
                            "expected a day such as monday, was \"" + weekStart + "\""));
        }
        if (retention != null && !isPeriod(retention)) {
            errors.add(
                    new FieldError(
                            "/retention",
                            "expected an ISO 8601 period such as P3Y, was \"" + retention + "\""));
        }
        if (!errors.isEmpty()) {
            throw new RequestException(
                    IngestionError.PROGRAM_INVALID, "The settings are not valid.", errors);
        }
        return new RegistryRecord.Program(
                program,
                version,
                zone,
                money,
                day,
                openAttributes == null || openAttributes,
                unknownMembers == null ? UnknownMembers.CREATE : unknownMembers,
                retention);
    }

    private static boolean isPeriod(String text) {
        try {
            var period = Period.parse(text);
            return !period.isZero()
                    && List.of(period.getYears(), period.getMonths(), period.getDays()).stream()
                            .allMatch(it -> it >= 0);
        } catch (DateTimeException e) {
            return false;
        }
    }
}
