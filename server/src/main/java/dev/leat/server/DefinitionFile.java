package dev.leat.server;

import dev.leat.pipeline.Definition;
import dev.leat.pipeline.Definition.Reading;
import dev.leat.pipeline.Mistake;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Brings the text of a definition file to the pipeline, which never touches a file itself. */
final class DefinitionFile {
  static final int MAX_BYTES = 1 << 20;

  private DefinitionFile() {}

  /** The definition in the file, or the defaults without one; all mistakes in one message. */
  static Definition read(@Nullable Path file) {
    if (file == null) {
      return Definition.DEFAULTS;
    }
    return switch (parse(file)) {
      case Reading.Valid valid -> valid.definition();
      case Reading.Invalid invalid ->
          throw new CommandFailure(
              "%s is not valid:%n%s".formatted(file, list(file, invalid.mistakes())));
    };
  }

  static Reading parse(Path file) {
    return Definition.parse(text(file), Extensions.kinds());
  }

  /** A line per mistake, in the form that editors jump to. */
  static String list(Path file, List<Mistake> mistakes) {
    return mistakes.stream()
        .map(mistake -> file + ":" + mistake)
        .collect(Collectors.joining(System.lineSeparator()));
  }

  /**
   * The text of a definition or a schema.
   *
   * @throws CommandFailure if it can't be read, saying why
   */
  static String text(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new CommandFailure(
            "%s is larger than it may be (%d bytes)".formatted(file, MAX_BYTES));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notText) {
      throw new CommandFailure("%s is not a text file in UTF-8".formatted(file), notText);
    } catch (NoSuchFileException missing) {
      throw new CommandFailure("there is no file %s".formatted(file), missing);
    } catch (IOException unreadable) {
      throw new CommandFailure("can't read %s: %s".formatted(file, unreadable), unreadable);
    }
  }
}
