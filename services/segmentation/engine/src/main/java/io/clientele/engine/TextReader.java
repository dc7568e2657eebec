package io.clientele.engine;

import io.clientele.engine.InvalidConditionException.Problem;
import io.clientele.engine.TextLexer.Kind;
import io.clientele.engine.TextLexer.SyntaxException;
import io.clientele.engine.TextLexer.Token;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text form of a condition into the tree of its JSON form, each place with where it was
 * written; {@link ConditionReader} checks that tree, so nothing is checked twice. The grammar is in
 * {@code docs/segment-language.md}. For one use by one thread.
 */
final class TextReader {
    /** Levels of parentheses and negations, which also bounds this reader's recursion. */
    private static final int MAX_LEVELS = 200;

    private static final List<String> MEASURES =
            List.of(
                    "count",
                    "first",
                    "last",
                    "sum",
                    "average",
                    "min",
                    "max",
                    "distinct",
                    "favorite",
                    "share");
    private static final List<String> PLAIN_MEASURES = List.of("count", "first", "last");

    /** What may stand before a parenthesis, but {@code not}. */
    private static final List<String> FORMS =
            List.of(
                    "all",
                    "any",
                    "segment",
                    "sample",
                    "score",
                    "entered",
                    "left",
                    "has",
                    "trend",
                    "sequence",
                    "count",
                    "first",
                    "last",
                    "sum",
                    "average",
                    "min",
                    "max",
                    "distinct",
                    "favorite",
                    "share");

    private final TextTokens tokens;
    private final TextComparisons comparisons;
    private int level;

    private TextReader(String text) {
        tokens = new TextTokens(text);
        comparisons = new TextComparisons(tokens);
    }

    /**
     * Reads and checks.
     *
     * @throws InvalidConditionException with the first place that is no text form, or everything
     *     that the program does not allow
     */
    static Condition read(String text, ProgramModel model, ConditionReader reader) {
        Placed tree;
        try {
            tree = new TextReader(text).readAll();
        } catch (SyntaxException wrong) {
            throw new InvalidConditionException(
                    List.of(new Problem("", wrong.detail(), column(text, wrong.offset()))));
        }
        try {
            return reader.readAll(tree.json());
        } catch (InvalidConditionException refused) {
            List<Problem> placed = new ArrayList<>();
            for (Problem problem : refused.problems()) {
                placed.add(
                        new Problem(
                                problem.pointer(),
                                problem.detail(),
                                column(text, tree.offset(problem.pointer()))));
            }
            throw new InvalidConditionException(placed);
        }
    }

    private static int column(String text, int offset) {
        return text.codePointCount(0, offset) + 1;
    }

    private Placed readAll() {
        Placed condition = condition();
        tokens.end("and, or, or the end");
        return condition;
    }

    // Combinations, of conditions and of what events must be

    private Placed condition() {
        return either(this::term);
    }

    private Placed where() {
        return either(this::whereTerm);
    }

    private Placed either(Supplier<Placed> term) {
        return chain("or", "any", () -> chain("and", "all", term));
    }

    private Placed chain(String word, String key, Supplier<Placed> part) {
        Token begin = tokens.peek();
        Placed first = part.get();
        if (!tokens.isWord(word)) {
            return first;
        }
        Placed parts = Placed.list(begin.offset());
        parts.add(first);
        while (tokens.skipWord(word)) {
            parts.add(part.get());
        }
        return Placed.object(begin.offset()).put(key, parts);
    }

    private Placed term() {
        Token begin = tokens.peek();
        if (tokens.isWord("at") && tokens.isWord(1, "least")) {
            return deeper(begin, this::atLeast);
        }
        Placed combined = combined(begin, this::term, this::condition);
        return combined == null ? leaf(begin) : combined;
    }

    private Placed whereTerm() {
        Token begin = tokens.peek();
        Placed combined = combined(begin, this::whereTerm, this::where);
        if (combined != null) {
            return combined;
        }
        Placed leaf = Placed.object(begin.offset()).put("property", tokens.name("a property"));
        comparisons.read(leaf);
        return leaf;
    }

    /** A negation, something in parentheses, {@code all(…)} or {@code any(…)}; null if neither. */
    private @Nullable Placed combined(Token begin, Supplier<Placed> term, Supplier<Placed> inner) {
        if (tokens.skipWord("not")) {
            return Placed.object(begin.offset()).put("not", deeper(begin, term));
        }
        if (tokens.skipSymbol("(")) {
            Placed part = deeper(begin, inner);
            tokens.symbol(")", "and, or, or \")\"");
            return part;
        }
        for (String form : List.of("all", "any")) {
            if (tokens.isWord(form) && tokens.isSymbol(1, "(")) {
                tokens.next();
                return Placed.object(begin.offset()).put(form, deeper(begin, () -> parts(inner)));
            }
        }
        return null;
    }

    private Placed deeper(Token begin, Supplier<Placed> read) {
        if (level == MAX_LEVELS) {
            throw new SyntaxException(begin.offset(), "expected at most " + MAX_LEVELS + " levels");
        }
        level++;
        Placed part = read.get();
        level--;
        return part;
    }

    /** Parts between parentheses, perhaps none. */
    private Placed parts(Supplier<Placed> inner) {
        Placed parts = Placed.list(tokens.peek().offset());
        tokens.symbol("(", "\"(\"");
        if (tokens.skipSymbol(")")) {
            return parts;
        }
        do {
            parts.add(inner.get());
        } while (tokens.skipSymbol(","));
        tokens.symbol(")", "and, or, \",\" or \")\"");
        return parts;
    }

    private Placed atLeast() {
        Placed condition = Placed.object(tokens.next().offset());
        tokens.next();
        condition.put("atLeast", tokens.number("how many, a number"));
        tokens.word("of");
        return condition.put("of", parts(this::condition));
    }

    // Leaves

    private Placed leaf(Token begin) {
        Placed leaf;
        if (begin.kind() == Kind.WORD && tokens.isSymbol(1, "(")) {
            leaf = form(begin);
        } else {
            leaf = attribute(begin);
        }
        if (tokens.isWord("in") && tokens.isWord(1, "member")) {
            tokens.next();
            Token member = tokens.next();
            tokens.word("zone");
            leaf.put("zone", Placed.text(member.offset(), "member"));
        }
        return leaf;
    }

    private Placed attribute(Token begin) {
        Placed leaf =
                Placed.object(begin.offset())
                        .put("attribute", tokens.name("a condition, which begins with a name"));
        boolean bare = tokens.isWord("set") && tokens.isWord(1, "within");
        if (!bare) {
            comparisons.read(leaf);
        }
        if (tokens.isWord("set") && tokens.isWord(1, "within")) {
            tokens.next();
            tokens.next();
            leaf.put("setWithin", comparisons.duration());
        }
        return leaf;
    }

    private Placed form(Token begin) {
        String form = begin.value().toLowerCase(Locale.ROOT);
        tokens.next();
        tokens.next();
        Placed leaf = Placed.object(begin.offset());
        switch (form) {
            case "segment" -> {
                leaf.put("segment", tokens.name("the key of a segment"));
                close();
            }
            case "entered", "left" -> {
                Placed key = tokens.name("the key of a segment");
                leaf.put(form, Placed.object(key.offset()).put("segment", key));
                close();
                comparisons.window(leaf);
            }
            case "score" -> {
                leaf.put("score", tokens.name("the name of a score"));
                close();
                comparisons.read(leaf);
            }
            case "sample" -> leaf.put("sample", sample());
            case "has" -> {
                events(leaf);
                comparisons.window(leaf);
                close();
            }
            case "trend" -> {
                leaf.put("trend", trend());
                comparisons.read(leaf);
            }
            case "sequence" -> sequence(leaf);
            default -> {
                if (!MEASURES.contains(form)) {
                    throw new SyntaxException(
                            begin.offset(),
                            "expected one of "
                                    + Problems.list(FORMS)
                                    + " before a parenthesis, came "
                                    + begin.shown()
                                    + Problems.nearest(form, FORMS));
                }
                measured(leaf, form, begin, true);
                comparisons.read(leaf);
            }
        }
        return leaf;
    }

    private void close() {
        tokens.symbol(")", "\")\"");
    }

    private Placed sample() {
        Placed sample = Placed.object(tokens.peek().offset());
        sample.put("percent", tokens.number("a percentage, a number"));
        tokens.symbol("%", "\"%\"");
        tokens.word("by");
        sample.put("salt", tokens.text("the salt, a text"));
        close();
        return sample;
    }

    /** The type of events, and which of them. */
    private void events(Placed into) {
        into.put("event", tokens.name("a type of event"));
        if (tokens.skipWord("where")) {
            into.put("where", where());
        }
    }

    /** What follows the name of a measure and its parenthesis, up to the closing one. */
    private void measured(Placed into, String measure, Token begin, boolean windows) {
        int at = begin.offset();
        if (PLAIN_MEASURES.contains(measure)) {
            if (!measure.equals("count")) {
                into.put("measure", Placed.text(at, measure));
            }
        } else {
            Placed property = tokens.name("a property");
            if (measure.equals("share")) {
                Placed share = Placed.object(at).put("of", property);
                tokens.word("where");
                share.put("where", where());
                into.put("measure", Placed.object(at).put("share", share));
            } else {
                into.put("measure", Placed.object(at).put(measure, property));
            }
            tokens.word("of");
        }
        events(into);
        if (windows) {
            comparisons.window(into);
        }
        close();
    }

    private Placed trend() {
        Token begin = tokens.peek();
        String measure = begin.value().toLowerCase(Locale.ROOT);
        if (begin.kind() != Kind.WORD || !MEASURES.contains(measure)) {
            throw new SyntaxException(
                    begin.offset(), expected(MEASURES) + begin.shown() + near(begin, MEASURES));
        }
        tokens.next();
        tokens.symbol("(", "\"(\"");
        Placed trend = Placed.object(begin.offset());
        measured(trend, measure, begin, false);
        tokens.word("per");
        trend.put("period", comparisons.duration());
        close();
        return trend;
    }

    private static String expected(Collection<String> words) {
        return "expected one of " + Problems.list(words) + ", came ";
    }

    private static String near(Token token, Collection<String> words) {
        return Problems.nearest(token.value(), words);
    }

    private void sequence(Placed leaf) {
        Placed steps = Placed.list(tokens.peek().offset());
        do {
            Placed step = Placed.object(tokens.peek().offset());
            Token no = tokens.peek();
            boolean absent = tokens.skipWord("no");
            events(step);
            if (absent) {
                step.put("absent", Placed.flag(no.offset(), true));
            }
            steps.add(step);
        } while (tokens.skipWord("then"));
        leaf.put("sequence", steps);
        tokens.word("within");
        leaf.put("span", comparisons.duration());
        close();
        comparisons.window(leaf);
    }
}
