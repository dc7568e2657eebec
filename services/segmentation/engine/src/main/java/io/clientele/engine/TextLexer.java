package io.clientele.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts the text form of a condition into tokens. */
final class TextLexer {
    /** What a token is. */
    enum Kind {
        /** A word: of the language, or a name. */
        WORD,
        /** A name between backticks. */
        NAME,
        /** A text between quotation marks. */
        TEXT,
        /** A number. */
        NUMBER,
        /** A date or time. */
        TIME,
        /** One of {@link #SYMBOLS}. */
        SYMBOL,
        /** After the last one. */
        END
    }

    /**
     * A token.
     *
     * @param offset where it begins in the text
     * @param value what it says, without quotation marks and escapes
     */
    record Token(Kind kind, int offset, String value) {
        boolean isWord(String word) {
            return kind == Kind.WORD && value.equalsIgnoreCase(word);
        }

        boolean isSymbol(String symbol) {
            return kind == Kind.SYMBOL && value.equals(symbol);
        }

        String shown() {
            return switch (kind) {
                case WORD, NAME, SYMBOL -> Problems.quoted(value);
                case TEXT -> "the text " + Problems.quoted(value);
                case NUMBER -> "the number " + Problems.cut(value);
                case TIME -> "the time " + Problems.cut(value);
                case END -> "the end";
            };
        }
    }

    /** What cannot be read as a condition at all, and where. */
    static final class SyntaxException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int offset;
        private final String detail;

        SyntaxException(int offset, String detail) {
            super(detail);
            this.offset = offset;
            this.detail = detail;
        }

        int offset() {
            return offset;
        }

        String detail() {
            return detail;
        }
    }

    private static final List<String> SYMBOLS =
            List.of(">=", "<=", "(", ")", ",", "=", ">", "<", "%");
    private static final Set<String> NEGATIVE = Set.of("!=", "<>");

    /** Names that would be taken for words of the language. */
    private static final Set<String> RESERVED = Set.of("and", "or", "not", "no");

    private static final Pattern TIME =
            Pattern.compile(
                    "[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]*(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?");
    private static final Pattern NUMBER =
            Pattern.compile("-?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
    private static final int LONGEST_NUMBER = 40;

    private final String text;
    private final Matcher times;
    private final Matcher numbers;
    private int position;

    private TextLexer(String text) {
        this.text = text;
        this.times = TIME.matcher(text);
        this.numbers = NUMBER.matcher(text);
    }

    /** The tokens, {@link Kind#END} last. */
    static List<Token> tokens(String text) {
        TextLexer lexer = new TextLexer(text);
        List<Token> tokens = new ArrayList<>();
        Token token;
        do {
            token = lexer.next();
            tokens.add(token);
        } while (token.kind() != Kind.END);
        return tokens;
    }

    static boolean isReserved(String name) {
        return RESERVED.contains(name.toLowerCase(Locale.ROOT));
    }

    /** A name as it is written: between backticks unless it is a plain word. */
    static String name(String name) {
        if (PLAIN_NAME.matcher(name).matches() && !isReserved(name)) {
            return name;
        }
        return quoted(name, '`');
    }

    /** A text or name between marks, with what JSON escapes, and the mark, escaped. */
    static String quoted(String text, char mark) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append(mark);
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == mark || character == '\\') {
                quoted.append('\\').append(character);
            } else if (character < ' ' || Character.isSurrogate(character) && isAlone(text, i)) {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
            } else {
                quoted.append(character);
            }
        }
        return quoted.append(mark).toString();
    }

    private static boolean isAlone(String text, int index) {
        int point = text.codePointAt(index);
        boolean first = Character.isSupplementaryCodePoint(point);
        boolean second =
                index > 0 && Character.isSupplementaryCodePoint(text.codePointAt(index - 1));
        return !first && !second;
    }

    private Token next() {
        while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
        int begin = position;
        if (begin == text.length()) {
            return new Token(Kind.END, begin, "");
        }
        int point = text.codePointAt(begin);
        if (point == '"') {
            return new Token(Kind.TEXT, begin, quotation('"'));
        }
        if (point == '`') {
            return new Token(Kind.NAME, begin, quotation('`'));
        }
        if (isDigit(point) || point == '-') {
            return number(begin);
        }
        if (Character.isLetter(point) || point == '_') {
            while (position < text.length() && isPartOfWord(text.codePointAt(position))) {
                position += Character.charCount(text.codePointAt(position));
            }
            return new Token(Kind.WORD, begin, text.substring(begin, position));
        }
        for (String symbol : NEGATIVE) {
            if (text.startsWith(symbol, begin)) {
                throw new SyntaxException(
                        begin,
                        "there are no negative comparators: expected not and the comparison with =,"
                                + " came "
                                + Problems.quoted(symbol));
            }
        }
        for (String symbol : SYMBOLS) {
            if (text.startsWith(symbol, begin)) {
                position += symbol.length();
                return new Token(Kind.SYMBOL, begin, symbol);
            }
        }
        throw new SyntaxException(
                begin,
                "expected a word, a value or one of "
                        + String.join(" ", SYMBOLS)
                        + "; came "
                        + Problems.quoted(Character.toString(point)));
    }

    private static boolean isPartOfWord(int point) {
        return Character.isLetterOrDigit(point) || point == '_' || point == '.' || point == '-';
    }

    private static boolean isDigit(int point) {
        return point >= '0' && point <= '9';
    }

    private Token number(int begin) {
        times.region(begin, text.length());
        if (times.lookingAt()) {
            position = times.end();
            return new Token(Kind.TIME, begin, times.group());
        }
        numbers.region(begin, text.length());
        if (!numbers.lookingAt() || numbers.end() - begin > LONGEST_NUMBER) {
            throw new SyntaxException(
                    begin,
                    "expected a number of at most "
                            + LONGEST_NUMBER
                            + " characters, came "
                            + Problems.quoted(text.substring(begin)));
        }
        position = numbers.end();
        return new Token(Kind.NUMBER, begin, numbers.group());
    }

    /** What stands between two marks, with the escapes of JSON, and that of the mark itself. */
    private String quotation(char mark) {
        int begin = position++;
        StringBuilder value = new StringBuilder();
        while (position < text.length()) {
            char character = text.charAt(position++);
            if (character == mark) {
                return value.toString();
            }
            value.append(character == '\\' ? escaped(mark) : character);
        }
        throw new SyntaxException(begin, "expected a " + mark + " at the end of what begins here");
    }

    private char escaped(char mark) {
        int begin = position - 1;
        char character = position < text.length() ? text.charAt(position++) : ' ';
        if (character == mark) {
            return mark;
        }
        return switch (character) {
            case '\\', '/', '"' -> character;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode(begin);
            default ->
                    throw new SyntaxException(
                            begin,
                            "expected an escape of JSON such as \\n or \\u00e9, came \\"
                                    + character);
        };
    }

    private char unicode(int begin) {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit =
                    position < text.length() ? Character.digit(text.charAt(position++), 16) : -1;
            if (digit < 0) {
                throw new SyntaxException(begin, "expected \\u and four hexadecimal digits");
            }
            value = value * 16 + digit;
        }
        return (char) value;
    }
}
