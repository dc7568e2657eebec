package io.clientele.campaignresponse.campaign;

import io.clientele.campaignresponse.program.Vocabulary;
import io.clientele.common.problem.FieldError;
import io.clientele.contracts.CampaignContact;
import io.clientele.contracts.ProgramId;
import io.quarkus.qute.CompletedStage;
import io.quarkus.qute.Engine;
import io.quarkus.qute.EvalContext;
import io.quarkus.qute.Expression;
import io.quarkus.qute.IfSectionHelper;
import io.quarkus.qute.ResultMapper;
import io.quarkus.qute.Results;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateException;
import io.quarkus.qute.TemplateNode;
import io.quarkus.qute.ValueResolver;
import io.quarkus.qute.ValueResolvers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Messages with members' attributes in them, as Qute templates. What a template can do: print an
 * attribute ({@code {country}}, {@code {loyalty.tier}}), with a default ({@code {country ?:
 * 'you'}}, {@code {country.or('you')}}), and choose by one ({@code {#if loyalty.tier ==
 * 'gold'}…{#else}… {/if}}). It calls no methods, reaches no objects, includes no files and loops
 * over nothing, so that the cost and the length of its output are bounded by its own length.
 *
 * <p>A personal attribute is not known here: it is printed as <code>{{name}}</code>, for the engine
 * to fill in at sending. Thread-safe.
 */
@ApplicationScoped
public class MessageTemplates {
    /** More characters than this are not sent. */
    static final int LONGEST_OUTPUT = 100_000;

    private static final int MOST_KEPT = 2_000;
    private static final int MOST_EXPRESSIONS = 200;

    /** Built-in operands beside the attributes. */
    private static final Set<String> FAMILIES =
            Set.of("loyalty", "preference", "consent", "reachable", "enrollment", "membershipType");

    /** What may follow a value: a default, and the comparisons within {@code if}. */
    private static final Set<String> OPERATORS = Set.of("?:", "or", ":", "?", "ifTruthy");

    private static final Pattern LINE = Pattern.compile("[\\r\\n]+");

    private final Vocabulary vocabulary;
    private final Engine engine =
            Engine.builder()
                    .addSectionHelper(new IfSectionHelper.Factory())
                    .addValueResolver(new AttributeResolver())
                    .addValueResolver(ValueResolvers.orResolver())
                    .addValueResolver(ValueResolvers.trueResolver())
                    .addResultMapper(new Printer())
                    .strictRendering(false)
                    .removeStandaloneLines(true)
                    .build();
    private final Map<String, Template> parsed = new ConcurrentHashMap<>();

    @Inject
    public MessageTemplates(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** Attributes by the parts of their names. */
    private record Branch(Map<String, Object> values, Set<String> personal) {}

    /** A value that only profile has. */
    private record Personal(String name) {}

    /** What is wrong with the messages of a campaign: the places, none if all is well. */
    public List<FieldError> check(ProgramId program, List<MessageDraft> messages) {
        var errors = new ArrayList<FieldError>();
        for (int i = 0; i < messages.size(); i++) {
            check(program, messages.get(i).body(), "/messages/" + i + "/body", errors);
            var subject = messages.get(i).subject();
            if (subject != null) {
                check(program, subject, "/messages/" + i + "/subject", errors);
            }
        }
        return errors;
    }

    private void check(ProgramId program, String text, String place, List<FieldError> errors) {
        Template template;
        try {
            template = engine.parse(text);
        } catch (TemplateException e) {
            errors.add(new FieldError(place, where(e.getOrigin()) + message(e)));
            return;
        }
        if (!template.getParameterDeclarations().isEmpty()) {
            errors.add(
                    new FieldError(place, "a message declares no parameters: {@…} is not known"));
        }
        var expressions = template.getExpressions();
        if (expressions.size() > MOST_EXPRESSIONS) {
            errors.add(
                    new FieldError(place, "expected at most " + MOST_EXPRESSIONS + " expressions"));
        }
        for (var expression : expressions) {
            var problem = problem(program, expression);
            if (problem != null) {
                errors.add(new FieldError(place, where(expression.getOrigin()) + problem));
            }
        }
    }

    private @Nullable String problem(ProgramId program, Expression expression) {
        if (expression.isLiteral()) {
            return null;
        }
        var text = "{" + expression.toOriginalString() + "}";
        if (expression.hasNamespace()) {
            return text + ": namespaces are not known here; expected the name of an attribute";
        }
        var parts = expression.getParts();
        var name = new StringBuilder();
        for (var part : parts) {
            if (part.isVirtualMethod()) {
                if (!OPERATORS.contains(part.getName())) {
                    return text
                            + ": "
                            + part.getName()
                            + " is not known here; expected an attribute, perhaps with a default"
                            + " such as {country ?: 'there'}";
                }
                for (var parameter : part.asVirtualMethod().getParameters()) {
                    var problem = problem(program, parameter);
                    if (problem != null) {
                        return problem;
                    }
                }
            } else {
                name.append(name.isEmpty() ? "" : ".").append(part.getName());
            }
        }
        var first = parts.getFirst().getName();
        if (!FAMILIES.contains(first) && !vocabulary.isAttribute(program, name.toString())) {
            return text + ": the program has no attribute " + name;
        }
        return null;
    }

    /**
     * Makes the message of a member.
     *
     * @throws TemplateException if its output is too long, or values do not fit its comparisons
     */
    public CampaignContact.Message render(
            ProgramId program, MessageDraft draft, Map<String, Object> attributes) {
        var data = branch(program, draft, attributes);
        var subject = draft.subject();
        var rendered = subject == null ? null : LINE.matcher(render(subject, data)).replaceAll(" ");
        var body = render(draft.body(), data);
        return new CampaignContact.Message(rendered, body, List.copyOf(data.personal()));
    }

    private String render(String text, Branch data) {
        if (parsed.size() > MOST_KEPT) {
            parsed.clear();
        }
        var output = new StringBuilder();
        var template = parsed.computeIfAbsent(text, engine::parse);
        template.instance()
                .data(data)
                .consume(part -> {
                    if (output.length() + part.length() > LONGEST_OUTPUT) {
                        throw new TemplateException(
                                "a message has at most " + LONGEST_OUTPUT + " characters");
                    }
                    output.append(part);
                })
                .toCompletableFuture()
                .join();
        return output.toString();
    }

    /** The attributes as a tree; what personal names are printed is put into its set. */
    private Branch branch(ProgramId program, MessageDraft draft, Map<String, Object> attributes) {
        var personal = new TreeSet<String>();
        var tree = new HashMap<String, Object>();
        for (var attribute : attributes.entrySet()) {
            put(tree, attribute.getKey(), attribute.getValue());
        }
        for (var name : names(draft)) {
            if (vocabulary.isPersonal(program, name)) {
                put(tree, name, new Personal(name));
            }
        }
        return new Branch(tree, personal);
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> tree, String name, Object value) {
        var at = tree;
        var rest = name;
        for (int dot = rest.indexOf('.'); dot > 0; dot = rest.indexOf('.')) {
            var inner =
                    at.computeIfAbsent(
                            rest.substring(0, dot), unused -> new HashMap<String, Object>());
            if (!(inner instanceof HashMap<?, ?>)) {
                return;
            }
            at = (Map<String, Object>) inner;
            rest = rest.substring(dot + 1);
        }
        at.put(rest, value);
    }

    /** The names that a message's templates speak of. */
    private Set<String> names(MessageDraft draft) {
        var names = new TreeSet<String>();
        names(draft.body(), names);
        if (draft.subject() != null) {
            names(draft.subject(), names);
        }
        return names;
    }

    private void names(String text, Set<String> names) {
        for (var expression : parsed.computeIfAbsent(text, engine::parse).getExpressions()) {
            names(expression, names);
        }
    }

    private static void names(Expression expression, Set<String> names) {
        if (expression.isLiteral() || expression.hasNamespace()) {
            return;
        }
        var name = new StringBuilder();
        for (var part : expression.getParts()) {
            if (part.isVirtualMethod()) {
                part.asVirtualMethod()
                        .getParameters()
                        .forEach(parameter -> names(parameter, names));
            } else {
                name.append(name.isEmpty() ? "" : ".").append(part.getName());
            }
        }
        names.add(name.toString());
    }

    private static String where(TemplateNode.@Nullable Origin origin) {
        return origin == null || origin.getLine() < 1
                ? ""
                : "line "
                        + origin.getLine()
                        + ", column "
                        + Math.max(1, origin.getLineCharacterStart())
                        + ": ";
    }

    private static String message(TemplateException e) {
        var text = String.valueOf(e.getMessage());
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    /** The one way to a value: by name, in the member's attributes. */
    private static final class AttributeResolver implements ValueResolver {
        @Override
        public boolean appliesTo(EvalContext context) {
            return context.getBase() instanceof Branch && context.getParams().isEmpty();
        }

        @Override
        @SuppressWarnings("unchecked")
        public CompletionStage<Object> resolve(EvalContext context) {
            if (!(context.getBase() instanceof Branch branch)) {
                return Results.notFound(context);
            }
            var value = branch.values().get(context.getName());
            return switch (value) {
                case null -> Results.notFound(context);
                case HashMap<?, ?> inner ->
                        CompletedStage.of(
                                new Branch((Map<String, Object>) inner, branch.personal()));
                case Personal one -> {
                    branch.personal().add(one.name());
                    yield CompletedStage.of(one);
                }
                default -> CompletedStage.of(value);
            };
        }
    }

    /** Prints values as people read them, and nothing for what is unset. */
    private static final class Printer implements ResultMapper {
        @Override
        public String map(Object result, Expression expression) {
            if (Results.isNotFound(result)) {
                return "";
            }
            return switch (result) {
                case Personal personal -> "{{" + personal.name() + "}}";
                case Branch unused -> "";
                case BigDecimal number -> number.toPlainString();
                case List<?> several ->
                        String.join(", ", several.stream().map(String::valueOf).toList());
                default -> result.toString();
            };
        }
    }
}
