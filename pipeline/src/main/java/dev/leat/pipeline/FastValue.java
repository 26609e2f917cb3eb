package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.EventCursor;
import org.jspecify.annotations.Nullable;

/** Values that are no data: constants and the envelope. */
final class FastValue {
  private FastValue() {}

  static final class Constant extends FastNode {
    private final int kind;

    private Constant(int kind) {
      this.kind = kind;
    }

    static Constant of(boolean value) {
      return new Constant(truth(value));
    }

    static Constant of(long value) {
      Constant constant = new Constant(INTEGER);
      constant.integer = value;
      return constant;
    }

    static Constant of(double value) {
      Constant constant = new Constant(REAL);
      constant.real = value;
      return constant;
    }

    static Constant of(String value) {
      Constant constant = new Constant(TEXT);
      byte[] bytes = value.getBytes(UTF_8);
      constant.text(bytes, 0, bytes.length);
      return constant;
    }

    boolean isText() {
      return kind == TEXT;
    }

    @Override
    int evaluate(EventCursor event, @Nullable Row row) {
      return kind;
    }
  }

  static final class Id extends FastNode {
    @Override
    int evaluate(EventCursor event, @Nullable Row row) {
      return text(event.bytes(), event.idAt(), event.idLength());
    }
  }

  static final class Source extends FastNode {
    @Override
    int evaluate(EventCursor event, @Nullable Row row) {
      return text(event.bytes(), event.sourceAt(), event.sourceLength());
    }
  }

  static final class Type extends FastNode {
    @Override
    int evaluate(EventCursor event, @Nullable Row row) {
      return text(event.bytes(), event.typeAt(), event.typeLength());
    }
  }

  static final class Subject extends FastNode {
    @Override
    int evaluate(EventCursor event, @Nullable Row row) {
      return text(event.bytes(), event.subjectAt(), event.subjectLength());
    }
  }

  static final class PartitionKey extends FastNode {
    @Override
    int evaluate(EventCursor event, @Nullable Row row) {
      return text(event.bytes(), event.partitionKeyAt(), event.partitionKeyLength());
    }
  }

  static final class SampledRate extends FastNode {
    @Override
    int evaluate(EventCursor event, @Nullable Row row) {
      integer = event.sampledRate();
      return INTEGER;
    }
  }
}
