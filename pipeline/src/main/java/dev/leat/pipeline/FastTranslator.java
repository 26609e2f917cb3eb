package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelSelect;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.leat.event.DataSchema;
import dev.leat.pipeline.DataType.ListOf;
import dev.leat.pipeline.DataType.ObjectOf;
import dev.leat.pipeline.DataType.Scalar;
import dev.leat.pipeline.FastNumbers.Arithmetic;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a checked expression into {@link FastNode}s, as far as they have a form for it. Loops, and
 * so names that stand for something else, have none.
 */
final class FastTranslator {
  private static final FastNode UNKNOWN = new FastLogic.Unknown();

  private final ExpressionScope scope;
  private final DataSchema schema;

  FastTranslator(ExpressionScope scope, DataSchema schema) {
    this.scope = scope;
    this.schema = schema;
  }

  /** The node for the whole expression; null if it would never decide anything. */
  @Nullable FastNode translate(CelExpr expression) {
    FastNode node = node(expression);
    return node == UNKNOWN ? null : node;
  }

  private FastNode node(CelExpr expression) {
    return switch (expression.getKind()) {
      case CONSTANT -> constant(expression.constant());
      case IDENT -> envelope(expression.ident().name());
      case SELECT -> member(expression.select());
      case CALL -> call(expression.call());
      default -> UNKNOWN;
    };
  }

  private static FastNode constant(CelConstant constant) {
    return switch (constant.getKind()) {
      case BOOLEAN_VALUE -> FastValue.Constant.of(constant.booleanValue());
      case INT64_VALUE -> FastValue.Constant.of(constant.int64Value());
      case DOUBLE_VALUE -> FastValue.Constant.of(constant.doubleValue());
      case STRING_VALUE ->
          UTF_8.newEncoder().canEncode(constant.stringValue())
              ? FastValue.Constant.of(constant.stringValue())
              : UNKNOWN;
      default -> UNKNOWN;
    };
  }

  private static FastNode envelope(String name) {
    return switch (name) {
      case "id" -> new FastValue.Id();
      case "source" -> new FastValue.Source();
      case "type" -> new FastValue.Type();
      case "subject" -> new FastValue.Subject();
      case "partitionkey" -> new FastValue.PartitionKey();
      case "sampledrate" -> new FastValue.SampledRate();
      default -> UNKNOWN;
    };
  }

  private FastNode member(CelSelect select) {
    List<String> path = new ArrayList<>();
    path.addFirst(select.field());
    CelExpr operand = select.operand();
    while (operand.getKind() == ExprKind.Kind.SELECT && !operand.select().testOnly()) {
      path.addFirst(operand.select().field());
      operand = operand.select().operand();
    }
    boolean ofData =
        operand.getKind() == ExprKind.Kind.IDENT
            && operand.ident().name().equals(ExpressionScope.DATA);
    return ofData ? member(path, select.testOnly()) : UNKNOWN;
  }

  private FastNode member(List<String> path, boolean testOnly) {
    DataType type = scope.data() == null ? Scalar.ANY : scope.data();
    boolean nullable = true;
    for (String name : path) {
      DataType.Member member = type instanceof ObjectOf object ? object.members().get(name) : null;
      type = member == null ? Scalar.ANY : member.type();
      nullable = member == null || member.nullable();
    }
    if (testOnly) {
      boolean oneColumn = type instanceof Scalar || type instanceof ListOf;
      return oneColumn ? new FastData.Has(schema, path, nullable) : UNKNOWN;
    }
    return type instanceof Scalar scalar ? new FastData.Value(schema, path, scalar) : UNKNOWN;
  }

  private FastNode call(CelCall call) {
    List<CelExpr> parts = new ArrayList<>();
    call.target().ifPresent(parts::add);
    parts.addAll(call.args());
    if (call.function().equals("@in")) {
      return oneOf(node(parts.get(0)), parts.get(1));
    }
    List<FastNode> nodes = parts.stream().map(this::node).toList();
    if (nodes.isEmpty() || nodes.getFirst() == UNKNOWN) {
      return UNKNOWN;
    }
    return switch (nodes.size()) {
      case 1 -> unary(call.function(), nodes.getFirst());
      case 2 -> binary(call.function(), nodes.get(0), nodes.get(1));
      case 3 ->
          call.function().equals("_?_:_")
              ? new FastLogic.Conditional(nodes.get(0), nodes.get(1), nodes.get(2))
              : UNKNOWN;
      default -> UNKNOWN;
    };
  }

  private static FastNode unary(String function, FastNode operand) {
    return switch (function) {
      case "!_" -> new FastLogic.Not(operand);
      case "-_" -> new FastNumbers.Negation(operand);
      case "size" -> new FastText.Size(operand);
      default -> UNKNOWN;
    };
  }

  private static FastNode binary(String function, FastNode left, FastNode right) {
    return switch (function) {
      case "_&&_" -> new FastLogic.Junction(FastNode.FALSE, left, right);
      case "_||_" -> new FastLogic.Junction(FastNode.TRUE, left, right);
      case "_==_" -> new FastComparison(FastComparison.Operator.EQUAL, left, right);
      case "_!=_" -> new FastComparison(FastComparison.Operator.UNEQUAL, left, right);
      case "_<_" -> new FastComparison(FastComparison.Operator.LESS, left, right);
      case "_<=_" -> new FastComparison(FastComparison.Operator.AT_MOST, left, right);
      case "_>_" -> new FastComparison(FastComparison.Operator.GREATER, left, right);
      case "_>=_" -> new FastComparison(FastComparison.Operator.AT_LEAST, left, right);
      case "_+_" -> new Arithmetic(FastNumbers.Operator.ADD, left, right);
      case "_-_" -> new Arithmetic(FastNumbers.Operator.SUBTRACT, left, right);
      case "_*_" -> new Arithmetic(FastNumbers.Operator.MULTIPLY, left, right);
      case "_/_" -> new Arithmetic(FastNumbers.Operator.DIVIDE, left, right);
      case "_%_" -> new Arithmetic(FastNumbers.Operator.REMAINDER, left, right);
      case "startsWith" -> new FastText.Part(FastText.Test.STARTS_WITH, left, right);
      case "endsWith" -> new FastText.Part(FastText.Test.ENDS_WITH, left, right);
      case "contains" -> new FastText.Part(FastText.Test.CONTAINS, left, right);
      default -> UNKNOWN;
    };
  }

  private FastNode oneOf(FastNode operand, CelExpr list) {
    if (operand == UNKNOWN || list.getKind() != ExprKind.Kind.LIST) {
      return UNKNOWN;
    }
    List<FastValue.Constant> constants = new ArrayList<>();
    for (CelExpr element : list.list().elements()) {
      if (!(node(element) instanceof FastValue.Constant constant && constant.isText())) {
        return UNKNOWN;
      }
      constants.add(constant);
    }
    return new FastText.OneOf(operand, constants);
  }
}
