package dev.leat.server;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Answers a command line that can't be understood: what is wrong, what was meant, where to read.
 */
final class Suggestions implements IParameterExceptionHandler {
  private static final int NEAR = 3;

  @Override
  public int handleParseException(ParameterException wrong, String[] arguments) {
    CommandLine line = wrong.getCommandLine();
    line.getErr().println("leat: " + wrong.getMessage());
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      nearest(line, unmatched.getUnmatched().getFirst())
          .ifPresent(meant -> line.getErr().println("Did you mean " + meant + "?"));
    }
    String command = line.getCommandSpec().qualifiedName();
    line.getErr().println("Try '" + command + " --help'.");
    return CommandLine.ExitCode.USAGE;
  }

  private static Optional<String> nearest(CommandLine line, String given) {
    Stream<String> options = line.getCommandSpec().options().stream().map(OptionSpec::longestName);
    List<String> known = Stream.concat(options, line.getSubcommands().keySet().stream()).toList();
    return known.stream()
        .filter(name -> distance(name, given) <= Math.min(NEAR, given.length() / 2))
        .min(Comparator.comparingInt(name -> distance(name, given)));
  }

  /** Letters to change, add or drop (Levenshtein). */
  private static int distance(String left, String right) {
    int[] row = new int[right.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[right.length()];
  }
}
