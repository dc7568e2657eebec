package io.clientele.campaignresponse.campaign;

import io.clientele.contracts.SegmentKey;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One of a campaign's messages.
 *
 * @param segment for members contacted for this segment, or null for all
 * @param channel for this channel, or null for all
 * @param language for members who speak it, BCP 47, or null for all
 * @param subject a template, or null
 * @param body a template
 */
public record MessageDraft(
        @Nullable SegmentKey segment,
        @Nullable String channel,
        @Nullable String language,
        @Nullable String subject,
        String body) {
    /**
     * The message that fits best: one for the segment goes before one for the channel, and that
     * before one for the language; of equals the first.
     */
    public static Optional<MessageDraft> choose(
            List<MessageDraft> messages,
            SegmentKey segment,
            String channel,
            @Nullable String language) {
        MessageDraft best = null;
        int most = -1;
        for (var message : messages) {
            int fit = message.fit(segment, channel, language);
            if (fit > most) {
                best = message;
                most = fit;
            }
        }
        return Optional.ofNullable(best);
    }

    private int fit(SegmentKey wanted, String by, @Nullable String spoken) {
        int fit = 0;
        if (segment != null) {
            if (!segment.equals(wanted)) {
                return -1;
            }
            fit += 8;
        }
        if (channel != null) {
            if (!channel.equals(by)) {
                return -1;
            }
            fit += 4;
        }
        if (language != null) {
            if (spoken == null || !primary(language).equals(primary(spoken))) {
                return -1;
            }
            fit += language.equalsIgnoreCase(spoken) ? 2 : 1;
        }
        return fit;
    }

    private static String primary(String language) {
        return Locale.forLanguageTag(language.replace('_', '-')).getLanguage();
    }
}
