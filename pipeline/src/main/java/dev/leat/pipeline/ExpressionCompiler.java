package dev.leat.pipeline;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.compiler.CelCompiler;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.leat.event.DataSchema;
import dev.leat.pipeline.DataType.ListOf;
import dev.leat.pipeline.DataType.ObjectOf;
import dev.leat.pipeline.DataType.Scalar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks expressions against what they may name. The first one made takes a good part of a second,
 * as the library is set up then; an expression takes about a millisecond. For one thread.
 */
final class ExpressionCompiler {
  private final ExpressionScope scope;
  private final CelTypes types;
  private @Nullable CelCompiler compiler;

  ExpressionCompiler(ExpressionScope scope) {
    this.scope = scope;
    this.types = new CelTypes(scope.data() == null ? Scalar.ANY : scope.data());
  }

  /** What became of a text. */
  sealed interface Result {}

  /** A good expression; safe for use by several threads. */
  static final class Compiled implements Result {
    private final String text;
    private final ExpressionScope scope;
    private final DataType type;
    private final CelExpr checked;
    private final CelRuntime.Program program;

    private Compiled(
        String text,
        ExpressionScope scope,
        DataType type,
        CelExpr checked,
        CelRuntime.Program program) {
      this.text = text;
      this.scope = scope;
      this.type = type;
      this.checked = checked;
      this.program = program;
    }

    String text() {
      return text;
    }

    /** What it yields, as far as that is known. */
    DataType type() {
      return type;
    }

    /** The expression for one thread and rows of one table. */
    CelExpression instance(DataSchema schema) {
      return new CelExpression(
          type, new FastTranslator(scope, schema).translate(checked), program(false));
    }

    /**
     * The expression without its fast form, for one thread.
     *
     * @param exact whether numbers that would be rounded become an {@link ExactNumber}
     */
    CelProgram program(boolean exact) {
      return new CelProgram(program, scope.data() == null ? Scalar.ANY : scope.data(), exact);
    }
  }

  /** A text with mistakes; there is at least one. */
  record Wrong(List<ExpressionProblem> problems) implements Result {
    Wrong {
      problems = List.copyOf(problems);
    }
  }

  /**
   * @param wanted what the expression has to yield; null if it may be anything
   */
  Result compile(String text, @Nullable DataType wanted) {
    if (text.isBlank()) {
      return wrong("there is no expression");
    }
    if (text.codePointCount(0, text.length()) > CelEnvironment.MAX_LENGTH) {
      return wrong("an expression has at most %,d characters".formatted(CelEnvironment.MAX_LENGTH));
    }
    try {
      return parse(text, wanted);
    } catch (StackOverflowError _) {
      // Long chains of operators nest without brackets, and the parser follows them by recursion.
      // It only builds objects that are dropped here.
      return wrong(ProblemWriter.TOO_DEEP);
    }
  }

  private Result parse(String text, @Nullable DataType wanted) {
    CelValidationResult parsed = compiler().parse(text);
    CelAbstractSyntaxTree tree = tree(parsed);
    if (tree == null) {
      return new Wrong(new ProblemWriter(scope, types, null).write(parsed));
    }
    if (CelNavigableAst.fromAst(tree).getRoot().height() > CelEnvironment.MAX_NESTING) {
      return wrong(ProblemWriter.TOO_DEEP);
    }
    CelValidationResult result = compiler().check(tree);
    CelAbstractSyntaxTree checked = tree(result);
    return checked == null
        ? new Wrong(new ProblemWriter(scope, types, tree).write(result))
        : typed(text, checked, wanted);
  }

  private Result typed(String text, CelAbstractSyntaxTree checked, @Nullable DataType wanted) {
    DataType type = types.fromCel(checked.getResultType());
    if (type == null || !yields(type, wanted)) {
      return wrong(
          "this yields %s, but has to yield %s"
              .formatted(ProblemWriter.typeName(checked.getResultType().name()), name(wanted)));
    }
    try {
      CelRuntime.Program program = CelEnvironment.runtime().createProgram(checked);
      return new Compiled(text, scope, type, checked.getExpr(), program);
    } catch (CelEvaluationException | RuntimeException e) {
      // The library folds nothing beforehand, but it may refuse to plan what it has checked.
      return wrong("this can't be evaluated: " + e.getMessage());
    }
  }

  private static @Nullable CelAbstractSyntaxTree tree(CelValidationResult result) {
    try {
      return result.hasError() ? null : result.getAst();
    } catch (CelValidationException e) {
      throw new IllegalStateException("an expression without errors has them", e);
    }
  }

  private static boolean yields(DataType type, @Nullable DataType wanted) {
    if (wanted == null || wanted == Scalar.ANY || type == Scalar.ANY || type.equals(wanted)) {
      return true;
    }
    return switch (wanted) {
      case Scalar scalar -> scalar == Scalar.NUMBER && type == Scalar.INTEGER;
      case ListOf _ -> type instanceof ListOf;
      case ObjectOf _ -> type instanceof ObjectOf;
    };
  }

  private static String name(@Nullable DataType wanted) {
    return switch (wanted) {
      case null -> "a value that data can have";
      case Scalar scalar ->
          switch (scalar) {
            case ANY -> "a value that data can have";
            case BOOLEAN -> "true or false";
            case INTEGER -> "an integer";
            case NUMBER -> "a number";
            case TEXT -> "text";
          };
      case ListOf _ -> "a list";
      case ObjectOf _ -> "an object";
    };
  }

  private CelCompiler compiler() {
    CelCompiler known = compiler;
    if (known == null) {
      known = CelEnvironment.compiler(scope, types);
      compiler = known;
    }
    return known;
  }

  private static Result wrong(String message) {
    return new Wrong(List.of(new ExpressionProblem(1, 1, message)));
  }
}
