package dev.leat.server;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line; the only place that ends the process. */
@Command(
    name = "leat",
    description = "Collect, keep, decide, count, store, answer, warn.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      ServeCommand.class,
      DemoCommand.class,
      SendCommand.class,
      SqlCommand.class,
      StatusCommand.class,
      BalanceCommand.class,
      DeadLettersCommand.class,
      MetricsCommand.class,
      ValidateCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      ReplayCommand.class,
      BenchCommand.class
    },
    footer = {"", "New here? `./leat demo` shows everything in one go."})
final class Main implements Runnable {

  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(new Suggestions());
    line.setExecutionExceptionHandler(oneSentence());
    return line;
  }

  /** Called when no command is given. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "What should leat do?");
  }

  private static IExecutionExceptionHandler oneSentence() {
    return (failure, line, _) -> {
      if (failure instanceof CommandFailure) {
        line.getErr().println(line.getColorScheme().errorText("leat: " + failure.getMessage()));
        return CommandLine.ExitCode.SOFTWARE;
      }
      throw failure;
    };
  }

  /** The version that the build wrote into the manifest of the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"leat " + number()};
    }

    static String number() {
      String version = Main.class.getPackage().getImplementationVersion();
      return version == null ? "(not packaged)" : version;
    }
  }
}
