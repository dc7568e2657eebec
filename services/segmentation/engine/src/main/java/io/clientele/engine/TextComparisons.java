package io.clientele.engine;

import io.clientele.engine.TextLexer.Kind;
import io.clientele.engine.TextLexer.SyntaxException;
import io.clientele.engine.TextLexer.Token;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads comparisons, windows and durations of the text form. For one thread. */
final class TextComparisons {
    private static final Map<String, String> SYMBOLS =
            Map.of(
                    "=", "equals",
                    ">", "greaterThan",
                    ">=", "atLeast",
                    "<", "lessThan",
                    "<=", "atMost");

    /** What a comparison may begin with. */
    private static final List<String> COMPARATORS =
            List.of(
                    "=",
                    ">",
                    ">=",
                    "<",
                    "<=",
                    "in",
                    "between",
                    "contains",
                    "starts",
                    "exists",
                    "before",
                    "after",
                    "within",
                    "anniversary");

    private static final List<String> UNITS =
            List.of(
                    "weeks",
                    "days",
                    "hours",
                    "minutes",
                    "seconds",
                    "milliseconds",
                    "week",
                    "day",
                    "hour",
                    "minute",
                    "second",
                    "millisecond");

    private static final List<String> WINDOWS = List.of("last", "current", "previous");

    private final TextTokens tokens;

    TextComparisons(TextTokens tokens) {
        this.tokens = tokens;
    }

    /** Reads a comparison into a leaf. */
    void read(Placed leaf) {
        Token token = tokens.peek();
        String operator = token.value().toLowerCase(Locale.ROOT);
        String key = token.kind() == Kind.SYMBOL ? SYMBOLS.get(operator) : null;
        if (key != null) {
            tokens.next();
            leaf.put(key, literal());
            return;
        }
        if (token.kind() != Kind.WORD || !COMPARATORS.contains(operator)) {
            throw new SyntaxException(
                    token.offset(),
                    "expected a comparison, which begins with one of "
                            + Problems.list(COMPARATORS)
                            + "; came "
                            + token.shown()
                            + (token.kind() == Kind.WORD
                                    ? Problems.nearest(operator, COMPARATORS)
                                    : ""));
        }
        tokens.next();
        switch (operator) {
            case "in" -> leaf.put("in", literals());
            case "between" -> {
                Placed both = Placed.list(tokens.peek().offset());
                both.add(literal());
                tokens.word("and");
                both.add(literal());
                leaf.put("between", both);
            }
            case "contains" -> contains(leaf);
            case "starts" -> {
                tokens.word("with");
                leaf.put("startsWith", literal());
            }
            case "exists" -> leaf.put("exists", Placed.flag(token.offset(), true));
            case "before", "after" -> leaf.put(operator, literal());
            case "anniversary" -> {
                tokens.word("within");
                tokens.word("next");
                leaf.put("anniversaryWithinNext", duration());
            }
            default -> within(leaf);
        }
    }

    private void contains(Placed leaf) {
        if (tokens.skipWord("any")) {
            tokens.word("of");
            leaf.put("containsAny", literals());
        } else if (tokens.skipWord("all")) {
            tokens.word("of");
            leaf.put("containsAll", literals());
        } else {
            leaf.put("contains", literal());
        }
    }

    private void within(Placed leaf) {
        if (tokens.skipWord("last")) {
            leaf.put("withinLast", duration());
        } else if (tokens.skipWord("next")) {
            leaf.put("withinNext", duration());
        } else {
            Placed near = Placed.object(tokens.peek().offset());
            Placed km = tokens.number("last, next or a number of km");
            tokens.word("km");
            tokens.word("of");
            Placed of = Placed.object(tokens.peek().offset());
            if (tokens.skipWord("store")) {
                of.put("store", tokens.name("the key of a store"));
            } else {
                tokens.symbol("(", "store or \"(\"");
                of.put("latitude", tokens.number("a latitude, a number"));
                tokens.symbol(",", "\",\"");
                of.put("longitude", tokens.number("a longitude, a number"));
                tokens.symbol(")", "\")\"");
            }
            leaf.put("withinKm", near.put("of", of).put("km", km));
        }
    }

    private Placed literals() {
        Placed literals = Placed.list(tokens.peek().offset());
        tokens.symbol("(", "\"(\"");
        do {
            literals.add(literal());
        } while (tokens.skipSymbol(","));
        tokens.symbol(")", "\",\" or \")\"");
        return literals;
    }

    private Placed literal() {
        Token token = tokens.peek();
        return switch (token.kind()) {
            case TEXT, TIME -> Placed.text(tokens.next().offset(), token.value());
            case NUMBER -> tokens.number("a number");
            case WORD, NAME, SYMBOL, END -> {
                boolean yes = token.isWord("true");
                if (!yes && !token.isWord("false")) {
                    throw tokens.unexpected(
                            "a number, a time, true, false or a text between quotation marks");
                }
                tokens.next();
                yield Placed.flag(token.offset(), yes);
            }
        };
    }

    /** Reads a window into a leaf, if there is one. */
    void window(Placed leaf) {
        Token begin = tokens.peek();
        if (tokens.isWord("in") && !tokens.isWord(1, "member")) {
            tokens.next();
            leaf.put("within", unit(begin));
        } else if (tokens.isWord("from") || tokens.isWord("to")) {
            Placed window = Placed.object(begin.offset());
            if (tokens.skipWord("from")) {
                window.put("from", bound());
            }
            if (tokens.skipWord("to")) {
                window.put("to", bound());
            }
            leaf.put("within", window);
        }
    }

    private Placed unit(Token begin) {
        Token token = tokens.peek();
        String word = token.value().toLowerCase(Locale.ROOT);
        if (token.kind() != Kind.WORD || !WINDOWS.contains(word)) {
            throw new SyntaxException(
                    token.offset(),
                    "expected one of "
                            + Problems.list(WINDOWS)
                            + ", came "
                            + token.shown()
                            + Problems.nearest(token.value(), WINDOWS));
        }
        tokens.next();
        Placed window = Placed.object(begin.offset());
        if (word.equals("last")) {
            return window.put("last", duration());
        }
        Token unit = tokens.peek();
        if (unit.kind() != Kind.WORD) {
            throw tokens.unexpected("a unit such as month");
        }
        tokens.next();
        return window.put(word, Placed.text(unit.offset(), unit.value().toLowerCase(Locale.ROOT)));
    }

    private Placed bound() {
        Token token = tokens.peek();
        if (token.kind() == Kind.TIME) {
            tokens.next();
            return Placed.text(token.offset(), token.value());
        }
        Placed ago = Placed.object(token.offset());
        if (tokens.skipWord("now")) {
            return ago.put("ago", Placed.text(token.offset(), Durations.format(Duration.ZERO)));
        }
        if (token.kind() != Kind.NUMBER && token.kind() != Kind.WORD) {
            throw tokens.unexpected("now, a time, or a duration and ago");
        }
        ago.put("ago", duration());
        tokens.word("ago");
        return ago;
    }

    /** Whole numbers with units, or a word in the form of ISO 8601. */
    Placed duration() {
        Token begin = tokens.peek();
        if (begin.kind() == Kind.WORD && isIso(begin.value())) {
            tokens.next();
            return Placed.text(begin.offset(), begin.value().toUpperCase(Locale.ROOT));
        }
        Duration sum = Duration.ZERO;
        do {
            Token number = tokens.peek();
            if (number.kind() != Kind.NUMBER || !number.value().matches("[0-9]{1,12}")) {
                throw tokens.unexpected("a duration such as 30 days, 1 day 12 hours or PT36H");
            }
            tokens.next();
            Token unit = tokens.peek();
            String word = unit.value().toLowerCase(Locale.ROOT);
            if (unit.kind() == Kind.WORD && word.matches("(month|quarter|year)s?")) {
                throw new SyntaxException(
                        unit.offset(),
                        "months and years have no fixed length: expected days, or a calendar"
                                + " window such as in current month; came "
                                + unit.shown());
            }
            if (unit.kind() != Kind.WORD || !UNITS.contains(word)) {
                throw new SyntaxException(
                        unit.offset(),
                        "expected one of "
                                + Problems.list(UNITS.subList(0, UNITS.size() / 2))
                                + ", came "
                                + unit.shown()
                                + Problems.nearest(word, UNITS));
            }
            tokens.next();
            sum = sum.plus(lengthOf(word).multipliedBy(Long.parseLong(number.value())));
        } while (tokens.peek().kind() == Kind.NUMBER);
        return Placed.text(begin.offset(), Durations.format(sum));
    }

    private static boolean isIso(String word) {
        return word.length() > 1
                && (word.charAt(0) == 'P' || word.charAt(0) == 'p')
                && (Character.isDigit(word.charAt(1))
                        || Character.toUpperCase(word.charAt(1)) == 'T');
    }

    private static Duration lengthOf(String unit) {
        return switch (unit.endsWith("s") ? unit.substring(0, unit.length() - 1) : unit) {
            case "week" -> Duration.ofDays(7);
            case "day" -> Duration.ofDays(1);
            case "hour" -> Duration.ofHours(1);
            case "minute" -> Duration.ofMinutes(1);
            case "second" -> Duration.ofSeconds(1);
            default -> Duration.ofMillis(1);
        };
    }
}
