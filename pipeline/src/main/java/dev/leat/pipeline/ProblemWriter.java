package dev.leat.pipeline;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.leat.pipeline.DataType.ObjectOf;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says in our words what the library found wrong, with the word that was probably meant. What it
 * says in a form unknown here is passed on as it is.
 */
final class ProblemWriter {
  private static final Pattern FIELD = Pattern.compile("undefined field '(.*)'");
  private static final Pattern REFERENCE = Pattern.compile("undeclared reference to '([^']*)'.*");
  private static final Pattern OVERLOAD =
      Pattern.compile("found no matching overload for '([^']*)' applied to '\\((.*?)\\)'.*");
  private static final Pattern SYNTAX =
      Pattern.compile(
          "(?:(?:mismatched|extraneous) input|no viable alternative at input) '(.*?)'(?: expecting .*)?",
          Pattern.DOTALL);
  private static final Pattern TYPE = Pattern.compile("object [^,)<>]*|[A-Za-z_.]+");

  /** What can be called, for suggestions. */
  private static final List<String> FUNCTIONS =
      List.of(
          "has",
          "all",
          "exists",
          "exists_one",
          "filter",
          "map",
          "size",
          "startsWith",
          "endsWith",
          "contains",
          "matches",
          "int",
          "uint",
          "double",
          "string",
          "bool",
          "bytes",
          "timestamp",
          "duration",
          "dyn",
          "type",
          "getFullYear",
          "getMonth",
          "getDate",
          "getDayOfMonth",
          "getDayOfWeek",
          "getDayOfYear",
          "getHours",
          "getMinutes",
          "getSeconds",
          "getMilliseconds",
          "charAt",
          "indexOf",
          "lastIndexOf",
          "lowerAscii",
          "upperAscii",
          "split",
          "substring",
          "trim",
          "with",
          "without");

  /** There are more levels than the parser or the tree may have. */
  static final String TOO_DEEP =
      "at most %d levels of operators and brackets may lie inside each other"
          .formatted(CelEnvironment.MAX_NESTING);

  private final ExpressionScope scope;
  private final CelTypes types;
  private final @Nullable CelAbstractSyntaxTree tree;

  /**
   * @param tree what was parsed; null if that failed
   */
  ProblemWriter(ExpressionScope scope, CelTypes types, @Nullable CelAbstractSyntaxTree tree) {
    this.scope = scope;
    this.types = types;
    this.tree = tree;
  }

  List<ExpressionProblem> write(CelValidationResult result) {
    Set<ExpressionProblem> problems = new LinkedHashSet<>();
    for (CelIssue issue : result.getErrors()) {
      problems.add(
          new ExpressionProblem(
              Math.max(1, issue.getSourceLocation().getLine()),
              Math.max(1, issue.getSourceLocation().getColumn() + 1),
              message(issue)));
    }
    return List.copyOf(problems);
  }

  private String message(CelIssue issue) {
    String said = issue.getMessage();
    Matcher field = FIELD.matcher(said);
    if (field.matches()) {
      return field(issue.getExprId(), field.group(1));
    }
    Matcher reference = REFERENCE.matcher(said);
    if (reference.matches()) {
      return reference(issue.getExprId(), reference.group(1));
    }
    Matcher overload = OVERLOAD.matcher(said);
    if (overload.matches()) {
      return overload(overload.group(1), overload.group(2));
    }
    Matcher syntax = SYNTAX.matcher(said);
    if (syntax.matches()) {
      return syntax.group(1).equals("<EOF>")
          ? "the expression is not complete"
          : "'%s' can't stand here".formatted(syntax.group(1));
    }
    return said.startsWith("Expression recursion limit") ? TOO_DEEP : said;
  }

  private String field(long id, String name) {
    String owner = node(id).map(ProblemWriter::owner).orElse("");
    ObjectOf object = owner.isEmpty() ? null : object(owner);
    if (object == null) {
      List<String> names = new ArrayList<>();
      types.objects().forEach(known -> names.addAll(known.members().keySet()));
      return "there is no member " + name + meant(name, names, "");
    }
    return "there is no %s.%s".formatted(owner, name)
        + meant(name, object.members().keySet(), owner + ".");
  }

  /** {@code data.a} for the selection {@code data.a.b}; empty if it does not begin with data. */
  private static String owner(CelExpr selection) {
    if (selection.getKind() != ExprKind.Kind.SELECT) {
      return "";
    }
    CelExpr operand = selection.select().operand();
    if (operand.getKind() == ExprKind.Kind.IDENT) {
      String name = operand.ident().name();
      return name.equals(ExpressionScope.DATA) ? name : "";
    }
    String outer = owner(operand);
    return outer.isEmpty() ? "" : outer + "." + operand.select().field();
  }

  private @Nullable ObjectOf object(String path) {
    DataType type = scope.data();
    String[] names = path.split("\\.", -1);
    for (int i = 1; i < names.length; i++) {
      DataType.Member member =
          type instanceof ObjectOf object ? object.members().get(names[i]) : null;
      type = member == null ? null : member.type();
    }
    return type instanceof ObjectOf object ? object : null;
  }

  private String reference(long id, String name) {
    boolean function = node(id).filter(n -> n.getKind() == ExprKind.Kind.CALL).isPresent();
    if (function && FUNCTIONS.contains(name)) {
      return name + " can't be called this way";
    }
    if (function) {
      return "there is no function " + name + meant(name, FUNCTIONS, "");
    }
    if (name.equals(ExpressionScope.DATA)) {
      return "data can't be asked for here; known here: " + String.join(", ", scope.names());
    }
    if (name.equals("now")) {
      return "there is no now: an expression sees its event and nothing else,"
          + " so that it says the same whenever it is evaluated; the event has time and received_at";
    }
    Set<String> members = scope.data() == null ? Set.of() : scope.data().members().keySet();
    if (members.contains(name)) {
      return "there is no %s; did you mean data.%s?".formatted(name, name);
    }
    String meant = meant(name, scope.names(), "");
    return "there is no "
        + name
        + (meant.isEmpty() ? "; known here: " + String.join(", ", scope.names()) : meant);
  }

  private static String overload(String function, String arguments) {
    String operator = function.replace("_", "").replace("@", "");
    String kinds = typeName(arguments).replace(", ", " and ");
    boolean mixed = arguments.contains("int") && arguments.contains("double");
    String hint = mixed ? "; write 2.0 for a double and double(x) to make one" : "";
    return "%s does not go with %s%s".formatted(operator, kinds, hint);
  }

  /** Names of types as people know them. */
  static String typeName(String name) {
    return TYPE.matcher(name)
        .replaceAll(
            found ->
                switch (found.group()) {
                  case "google.protobuf.Timestamp" -> "timestamp";
                  case "google.protobuf.Duration" -> "duration";
                  default -> Matcher.quoteReplacement(found.group());
                });
  }

  private static String meant(String name, Collection<String> known, String before) {
    return Spelling.closest(name, known)
        .map(near -> "; did you mean %s%s?".formatted(before, near))
        .orElse("");
  }

  private Optional<CelExpr> node(long id) {
    CelAbstractSyntaxTree parsed = tree;
    return parsed == null
        ? Optional.empty()
        : CelNavigableAst.fromAst(parsed)
            .getRoot()
            .allNodes()
            .map(CelNavigableExpr::expr)
            .filter(node -> node.id() == id)
            .findFirst();
  }
}
