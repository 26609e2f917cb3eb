package dev.leat.server;

import java.util.List;
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
    footer = {"", "New here? `./leat demo` shows everything in one go."})
public final class Main implements Runnable {
  private static final List<Class<?>> COMMANDS =
      List.of(
          ServeCommand.class,
          DemoCommand.class,
          SendCommand.class,
          SqlCommand.class,
          StatusCommand.class,
          BalanceCommand.class,
          DeadLettersCommand.class,
          MetricsCommand.class,
          AlertsCommand.class,
          StateCommand.class,
          ValidateCommand.class,
          BackupCommand.class,
          RestoreCommand.class,
          ReplayCommand.class,
          BenchCommand.class);

  private final Machine machine;

  @Spec private CommandSpec spec;

  private Main(Machine machine) {
    this.machine = machine;
  }

  public static void main(String[] args) {
    System.exit(run(Machine.real(), args));
  }

  /** Runs a command on a machine to its end, and returns the exit code. */
  public static int run(Machine machine, String... args) {
    // Reading what all commands can do takes longer than much of a start, so that one does without.
    boolean serve = args.length > 0 && args[0].equals("serve");
    return commandLine(machine, serve ? List.of(ServeCommand.class) : COMMANDS).execute(args);
  }

  static CommandLine commandLine() {
    return commandLine(Machine.real(), COMMANDS);
  }

  private static CommandLine commandLine(Machine machine, List<Class<?>> commands) {
    CommandLine line = new CommandLine(new Main(machine));
    commands.forEach(line::addSubcommand);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(new Suggestions());
    line.setExecutionExceptionHandler(oneSentence());
    return line;
  }

  Machine machine() {
    return machine;
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
