package dev.leat.pipeline;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelMathExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.extensions.CelStringExtensions.Function;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.List;
import java.util.Map;

/**
 * The CEL library as it is set up here: which functions there are and where its limits lie. Made
 * when the first expression is compiled, since it takes a good part of a second; shared by all
 * threads.
 *
 * <p>Nothing in it can tell the time or reach outside of the event. Functions that can make much
 * out of little ({@code replace}, {@code join}, {@code range}) are left out, so that the work and
 * the memory of an evaluation are bounded by the length of the expression, the size of the event
 * and {@link #MAX_ITERATIONS}.
 */
final class CelEnvironment {
  /** Characters of an expression. */
  static final int MAX_LENGTH = 4_096;

  /** Levels of brackets and operators inside each other. */
  static final int MAX_NESTING = 64;

  /** Steps that all loops of one evaluation make together. */
  static final int MAX_ITERATIONS = 10_000;

  /** Instructions of a compiled regular expression. */
  static final int MAX_REGEX_SIZE = 1_000;

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .enableHeterogeneousNumericComparisons(true)
          .maxExpressionCodePointSize(MAX_LENGTH)
          .maxParseRecursionDepth(MAX_NESTING)
          .comprehensionMaxIterations(MAX_ITERATIONS)
          .maxRegexProgramSize(MAX_REGEX_SIZE)
          .build();

  private static final CelStringExtensions STRINGS =
      CelExtensions.strings(
          Function.CHAR_AT,
          Function.INDEX_OF,
          Function.LAST_INDEX_OF,
          Function.LOWER_ASCII,
          Function.SPLIT,
          Function.SUBSTRING,
          Function.TRIM,
          Function.UPPER_ASCII);
  private static final CelMathExtensions MATH = CelExtensions.math();

  private static final CelType OBJECT = MapType.create(SimpleType.STRING, SimpleType.DYN);
  private static final CelType NAMES = ListType.create(SimpleType.STRING);

  private CelEnvironment() {}

  /** Made by the first one who asks, while others wait; the class loader sees to it. */
  private static final class Shared {
    static final CelRuntime RUNTIME =
        CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(OPTIONS)
            .addLibraries(STRINGS, MATH)
            .addFunctionBindings(
                CelFunctionBinding.fromOverloads(
                    "with",
                    CelFunctionBinding.from(
                        "with_path",
                        List.of(Map.class, String.class, Object.class),
                        args -> Members.with(args[0], Members.path(args[1]), args[2])),
                    CelFunctionBinding.from(
                        "with_names",
                        List.of(Map.class, List.class, Object.class),
                        args -> Members.with(args[0], Members.names(args[1]), args[2]))))
            .addFunctionBindings(
                CelFunctionBinding.fromOverloads(
                    "without",
                    CelFunctionBinding.from(
                        "without_path",
                        Map.class,
                        String.class,
                        (map, path) -> Members.without(map, Members.path(path))),
                    CelFunctionBinding.from(
                        "without_names",
                        Map.class,
                        List.class,
                        (map, names) -> Members.without(map, Members.names(names)))))
            .build();
  }

  static CelRuntime runtime() {
    return Shared.RUNTIME;
  }

  /** A compiler for expressions that may name these variables. */
  static CelCompiler compiler(ExpressionScope scope, CelTypes types) {
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(STRINGS, MATH)
            .setTypeProvider(types)
            .addVar("id", SimpleType.STRING)
            .addVar("source", SimpleType.STRING)
            .addVar("type", SimpleType.STRING)
            .addVar("subject", SimpleType.STRING)
            .addVar("time", SimpleType.TIMESTAMP)
            .addVar("received_at", SimpleType.TIMESTAMP)
            .addVar("partitionkey", SimpleType.STRING)
            .addVar("sampledrate", SimpleType.INT)
            .addVar("attributes", OBJECT)
            .addFunctionDeclarations(with(), without());
    if (scope.data() != null) {
      builder.addVar(ExpressionScope.DATA, types.root());
    }
    return builder.build();
  }

  private static CelFunctionDecl with() {
    return CelFunctionDecl.newFunctionDeclaration(
        "with",
        CelOverloadDecl.newGlobalOverload(
            "with_path", OBJECT, OBJECT, SimpleType.STRING, SimpleType.DYN),
        CelOverloadDecl.newGlobalOverload("with_names", OBJECT, OBJECT, NAMES, SimpleType.DYN));
  }

  private static CelFunctionDecl without() {
    return CelFunctionDecl.newFunctionDeclaration(
        "without",
        CelOverloadDecl.newGlobalOverload("without_path", OBJECT, OBJECT, SimpleType.STRING),
        CelOverloadDecl.newGlobalOverload("without_names", OBJECT, OBJECT, NAMES));
  }
}
