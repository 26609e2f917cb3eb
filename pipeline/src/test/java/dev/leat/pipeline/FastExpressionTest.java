package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cel.common.values.NullValue;
import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Field;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;
import dev.leat.event.RowChunk;
import dev.leat.pipeline.DataType.ListOf;
import dev.leat.pipeline.DataType.Member;
import dev.leat.pipeline.DataType.ObjectOf;
import dev.leat.pipeline.DataType.Scalar;
import dev.leat.pipeline.ExpressionCompiler.Compiled;
import dev.leat.testkit.Seeds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Whatever the fast form decides, the library decides the same; what it leaves open is rare. */
class FastExpressionTest {
  private static final ObjectOf TYPED = type();
  private static final ExpressionCompiler WITH_SCHEMA =
      new ExpressionCompiler(ExpressionScope.of(TYPED));
  private static final ExpressionCompiler WITHOUT =
      new ExpressionCompiler(ExpressionScope.of(DataType.unknown()));

  private static ObjectOf type() {
    LinkedHashMap<String, Member> members = new LinkedHashMap<>();
    members.put("i", new Member(Scalar.INTEGER, true, false));
    members.put("j", new Member(Scalar.INTEGER, false, true));
    members.put("x", new Member(Scalar.NUMBER, true, false));
    members.put("y", new Member(Scalar.NUMBER, false, false));
    members.put("s", new Member(Scalar.TEXT, true, false));
    members.put("t", new Member(Scalar.TEXT, false, true));
    members.put("b", new Member(Scalar.BOOLEAN, false, false));
    members.put("any", new Member(Scalar.ANY, false, true));
    members.put("l", new Member(new ListOf(Scalar.INTEGER), false, false));
    LinkedHashMap<String, Member> inner = new LinkedHashMap<>(members);
    members.put("o", new Member(new ObjectOf(inner, true), false, false));
    return new ObjectOf(members, true);
  }

  @Test
  void bothFormsAgree() {
    AtomicInteger compiledCount = new AtomicInteger();
    AtomicInteger decided = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    Seeds.run(
        250,
        (seed, chance) -> {
          boolean typed = chance.nextBoolean();
          DataSchema schema = new DataSchema();
          if (chance.nextInt(4) > 0) {
            declare(schema, schema.root(), TYPED);
          }
          Table table = new Table(schema);
          ExpressionCompiler compiler = typed ? WITH_SCHEMA : WITHOUT;
          for (int n = 0; n < 5; n++) {
            String text = new Writer(chance).truth(1 + chance.nextInt(3));
            if (!(compiler.compile(text, Scalar.BOOLEAN) instanceof Compiled compiled)) {
              continue;
            }
            compiledCount.incrementAndGet();
            CelExpression expression = compiled.instance(schema);
            CelProgram library = compiled.program(false);
            for (int event = 0; event < 12; event++) {
              Row row = table.row(data(chance, 0), typed);
              String expected = outcome(() -> library.test(row.event(), null));
              assertEquals(
                  expected,
                  outcome(() -> expression.test(row)),
                  () -> text + " over " + table.last + " regular " + row.isRegular());
              failed.addAndGet(expected.startsWith("!") ? 1 : 0);
              decided.addAndGet(expression.fast(row.event(), row) == FastNode.UNDECIDED ? 0 : 1);
              table.end();
            }
          }
        });
    if (compiledCount.get() > 300) { // Not when one seed is run alone.
      assertTrue(decided.get() > 1_000, () -> "decided only " + decided);
      assertTrue(failed.get() > 300, () -> "failed only " + failed);
    }
  }

  @Test
  void whatIsSimpleIsDecided() {
    DataSchema schema = new DataSchema();
    declare(schema, schema.root(), TYPED);
    Table table = new Table(schema);
    Row row =
        table.row(
            "{\"i\":-3,\"x\":2.5,\"s\":\"abcé\",\"b\":true,\"any\":7,\"o\":{\"i\":1,\"x\":0,\"s\":\"\"}}",
            true);
    assertTrue(row.isRegular());
    for (String text :
        List.of(
            "type == 'flight.departed' && id != source && subject.endsWith('7')",
            "data.x > 0 && data.x < 6000 || data.b",
            "!(data.i == 3) && -data.i * 2 + 1 == 7 && data.i % 2 != 5",
            "data.x * 2.0 - 1.0 >= 4.0",
            "data.s in ['x', 'abcé'] && size(data.s) == 4 && data.s.contains('cé')",
            "data.b ? data.s.startsWith('ab') : false",
            "has(data.i) && !has(data.y) && has(data.o.i) && data.o.i == 1",
            "data.any > 6 && data.s < 'b' && sampledrate == 1 && partitionkey == ''")) {
      Compiled compiled = (Compiled) WITH_SCHEMA.compile(text, Scalar.BOOLEAN);
      assertEquals(FastNode.TRUE, compiled.instance(schema).fast(row.event(), row), text);
    }
    for (String text :
        List.of(
            "data.y > 0.0",
            "has(data.j)",
            "data.i / 0 == 1",
            "data.i + 9223372036854775807 - 9223372036854775807 == -9 || data.i - 9223372036854775807 < 0",
            "data.l == [1]",
            "'\\uE001' < '😀'",
            "data.any + 1 == 8 && time > received_at")) {
      Compiled compiled = (Compiled) WITH_SCHEMA.compile(text, Scalar.BOOLEAN);
      assertEquals(FastNode.UNDECIDED, compiled.instance(schema).fast(row.event(), row), text);
    }
  }

  @Test
  void fieldsThatComeLaterAreFound() throws ExpressionException {
    DataSchema schema = new DataSchema();
    Table table = new Table(schema);
    CelExpression expression =
        ((Compiled) WITHOUT.compile("data.i > 1", Scalar.BOOLEAN)).instance(schema);
    Row none = table.row("{\"z\":1}", false);
    assertEquals(FastNode.UNDECIDED, expression.fast(none.event(), none));
    table.end();
    Row integer = table.row("{\"i\":2}", false);
    assertEquals(FastNode.TRUE, expression.fast(integer.event(), integer));
    table.end();
    Row widened = table.row("{\"i\":0.5}", false);
    assertEquals(FastNode.FALSE, expression.fast(widened.event(), widened));
    table.end();
    Row sentAsInteger = table.row("{\"i\":9007199254740993}", false);
    for (String text : List.of("data.i == 9007199254740992", "data.i * 2.0 > 1.0")) {
      CelExpression left = ((Compiled) WITHOUT.compile(text, Scalar.BOOLEAN)).instance(schema);
      assertEquals(FastNode.UNDECIDED, left.fast(sentAsInteger.event(), sentAsInteger), text);
    }
  }

  private interface Verdict {
    boolean get() throws ExpressionException;
  }

  private static String outcome(Verdict verdict) {
    try {
      return String.valueOf(verdict.get());
    } catch (ExpressionException e) {
      return "! " + e.getMessage();
    }
  }

  private static void declare(DataSchema schema, Field parent, ObjectOf object) {
    object
        .members()
        .forEach(
            (name, member) -> {
              Kind kind = DataType.kind(member.type());
              Field field = kind == null ? null : schema.declare(parent, name, kind);
              if (field != null && member.type() instanceof ObjectOf inner) {
                declare(schema, field, inner);
              }
            });
  }

  /** Rows under construction, as the shard makes them; says by the data whether one is regular. */
  private static final class Table {
    private final Shredder shredder;
    private final RowChunk chunk = new RowChunk(0);
    private final Row row;
    private String last = "";

    Table(DataSchema schema) {
      this.shredder = new Shredder(schema);
      this.row = new Row(schema);
    }

    Row row(String data, boolean typed) {
      last = data;
      EventDraft draft = Events.draft(data);
      EventCursor event = Events.cursor(draft);
      row.begin(event, chunk);
      shredder.shred(event.bytes(), event.dataAt(), event.dataLength(), chunk);
      boolean whole = !chunk.rest.isPresent(chunk.rows());
      Object value =
          new DataReader(false)
              .read(event.bytes(), event.dataAt(), event.dataLength(), DataType.Scalar.ANY);
      boolean nullsAllowed = !typed || nulls(value, TYPED);
      row.setRegular(whole && nullsAllowed);
      return row;
    }

    void end() {
      chunk.endRow(1);
    }

    private static boolean nulls(Object value, DataType type) {
      if (!(value instanceof Map<?, ?> map) || !(type instanceof ObjectOf object)) {
        return true;
      }
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        Member member = object.members().get((String) entry.getKey());
        boolean isNull = entry.getValue() instanceof NullValue;
        if (member != null && isNull && !member.nullable()) {
          return false;
        }
        if (member != null && !nulls(entry.getValue(), member.type())) {
          return false;
        }
      }
      return true;
    }
  }

  /** Data that is mostly as declared, and sometimes anything. */
  private static String data(RandomGenerator chance, int depth) {
    StringBuilder json = new StringBuilder("{");
    String comma = "";
    for (String name : List.of("i", "j", "x", "y", "s", "t", "b", "any", "l", "o", "other")) {
      int what = chance.nextInt(40);
      if (what < 6 || (name.equals("o") && depth > 1)) {
        continue;
      }
      json.append(comma).append('"').append(name).append("\":");
      json.append(
          switch (what) {
            case 6 -> "null";
            case 7 -> value(chance, "xisbl".charAt(chance.nextInt(5)), depth);
            default -> value(chance, name.charAt(0), depth);
          });
      comma = ",";
    }
    return json.append('}').toString();
  }

  private static String value(RandomGenerator chance, char name, int depth) {
    return switch (name) {
      case 'i', 'j' ->
          pick(
              chance,
              "0",
              "1",
              "-1",
              "2",
              "7",
              "9007199254740993",
              "9223372036854775807",
              "-9223372036854775808",
              "5.0",
              "12345678901234567890");
      case 'x', 'y' ->
          pick(
              chance,
              "0",
              "1",
              "-1.5",
              "2.5",
              "-0.0",
              "1e300",
              "9007199254740993",
              "7",
              "1e999",
              "0.1");
      case 's', 't' ->
          "\""
              + pick(chance, "", "a", "ab", "abc", "é", "\\u00e9", "😀", "\\ue000", "z", "b\\n")
              + "\"";
      case 'b' -> String.valueOf(chance.nextBoolean());
      case 'l' -> pick(chance, "[]", "[1]", "[1,2]", "[null]", "[\"a\",{}]");
      case 'o' -> chance.nextInt(6) == 0 ? "{}" : data(chance, depth + 1);
      default -> value(chance, "xisbl".charAt(chance.nextInt(5)), depth);
    };
  }

  private static String pick(RandomGenerator chance, String... from) {
    return from[chance.nextInt(from.length)];
  }

  /** Writes expressions that mostly have right types. */
  private record Writer(RandomGenerator chance) {
    String truth(int depth) {
      if (depth == 0) {
        return pick(
            chance,
            "true",
            "false",
            "data.b",
            "data.o.b",
            "has(data." + name() + ")",
            "has(data.o." + name() + ")",
            "type == 'flight.departed'",
            "data.any",
            "id == 'x'");
      }
      int next = depth - 1;
      return switch (chance.nextInt(15)) {
        case 0, 1 -> "(" + truth(next) + " && " + truth(next) + ")";
        case 2, 3 -> "(" + truth(next) + " || " + truth(next) + ")";
        case 4 -> "!" + truth(next);
        case 5 -> "(" + truth(next) + " ? " + truth(next) + " : " + truth(next) + ")";
        case 6, 7 -> integer(next) + comparison() + integer(next);
        case 8 -> real(next) + comparison() + real(next);
        case 9 -> real(next) + pick(chance, " < ", " >= ") + integer(next);
        case 10 -> text(next) + comparison() + text(next);
        case 11 ->
            text(next)
                + pick(chance, ".startsWith(", ".endsWith(", ".contains(")
                + text(next)
                + ")";
        case 12 -> text(next) + " in ['a', 'é', 'abc', 'flight.departed']";
        case 13 ->
            pick(
                chance,
                "data.l.exists(e, e > 1)",
                "size(data.l) > 1",
                "data.s.matches('^a')",
                "data.o.i in data.l",
                "data.any == 'a'",
                "data.any == 1",
                "data.any > 1.5",
                "data.t == null",
                "data.any == data.i",
                "data.any < data.any",
                "data.any == data.s",
                "data.other == 1",
                "has(data.any.i)");
        default -> truth(next) + pick(chance, " == ", " != ") + truth(next);
      };
    }

    private String name() {
      return pick(chance, "i", "j", "x", "y", "s", "t", "b", "any", "l", "o");
    }

    private String comparison() {
      return pick(chance, " == ", " != ", " < ", " <= ", " > ", " >= ");
    }

    private String integer(int depth) {
      if (depth <= 0) {
        return pick(
            chance,
            "data.i",
            "data.j",
            "data.o.i",
            "1",
            "-1",
            "0",
            "9007199254740993",
            "9223372036854775807",
            "sampledrate",
            "data.any");
      }
      return switch (chance.nextInt(4)) {
        case 0 -> "size(" + text(depth - 1) + ")";
        case 1 -> "-(" + integer(depth - 1) + ")";
        default ->
            "("
                + integer(depth - 1)
                + pick(chance, " + ", " - ", " * ", " / ", " % ")
                + integer(depth - 1)
                + ")";
      };
    }

    private String real(int depth) {
      if (depth <= 0) {
        return pick(chance, "data.x", "data.y", "data.o.x", "1.5", "0.0", "-1e300", "0.1");
      }
      return chance.nextInt(4) == 0
          ? "-(" + real(depth - 1) + ")"
          : "("
              + real(depth - 1)
              + pick(chance, " + ", " - ", " * ", " / ")
              + real(depth - 1)
              + ")";
    }

    private String text(int depth) {
      if (depth <= 0) {
        return pick(
            chance,
            "data.s",
            "data.t",
            "data.o.s",
            "'a'",
            "''",
            "'é'",
            "'\\uE001'",
            "'😀'",
            "type",
            "subject");
      }
      return chance.nextInt(3) == 0
          ? "(" + truth(depth - 1) + " ? " + text(depth - 1) + " : " + text(depth - 1) + ")"
          : text(0);
    }
  }
}
