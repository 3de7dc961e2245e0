import { Command, CommanderError, Option } from 'commander';
import { type CommandEntry, commandTable } from './command-table.ts';
import { type ExitCode, exitCodeMeanings, exitCodeOf, exitCodes } from './exit-codes.ts';
import type { Host } from './host.ts';
import { Interrupted } from './interrupted.ts';
import { createInvocation, type GlobalOptions, type InvocationDefaults } from './invocation.ts';
import { logFormats, logLevels } from './output/log-choices.ts';
import { readOwnManifest } from './plugins/installation.ts';

/** One-shot commands speak only when something is wrong; what they were asked for is on stdout. */
const oneShotDefaults: InvocationDefaults = { logLevel: 'warn', logFormat: 'pretty' };

/** Reads the command line (without node and script), does what it says, and resolves to the exit code. Throws nothing. */
export async function runProgram(commandLine: readonly string[], host: Host): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const program = createProgram(host);
  for (const entry of commandTable) {
    addCommand(program, entry).action(async (...parameters: unknown[]) => {
      // Arguments and options come first.
      exitCode = await callCommand(entry, parameters.at(-1) as Command, host);
    });
  }
  try {
    await program.parseAsync(commandLine, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has said what is wrong already; for --help and --version its code is 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    throw error;
  }
}

async function callCommand(entry: CommandEntry, command: Command, host: Host): Promise<ExitCode> {
  const options = command.optsWithGlobals<GlobalOptions>();
  const invocation = createInvocation(host, options, entry.defaults ?? oneShotDefaults);
  try {
    const { execute } = await entry.load();
    return await execute(invocation, { ...options, ...readArguments(command) } as never);
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode;
    const { reportError } = await import('./output/report-error.ts');
    await reportError(error, invocation);
    return exitCodeOf(error);
  }
}

/** By name; an argument that was not given is `undefined`. */
function readArguments({ registeredArguments, processedArgs }: Command): Readonly<Record<string, unknown>> {
  return Object.fromEntries(registeredArguments.map((argument, index) => [argument.name(), processedArgs[index]]));
}

function createProgram(host: Host): Command {
  const program = new Command('signalbox')
    .description('Keeps load balancers in step with service discovery.')
    .version(readOwnManifest().version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ showGlobalOptions: true })
    .option('-c, --config <file>', 'the configuration file', 'signalbox.yaml')
    .addOption(
      new Option('--log-level <level>', 'how much to say on stderr (default: info for run, warn otherwise)').choices(
        logLevels,
      ),
    )
    .addOption(
      new Option('--log-format <format>', 'default: pretty; for run json unless stderr is a terminal').choices(
        logFormats,
      ),
    )
    .option('--color', 'use colours even when the output is no terminal')
    .option('--no-color', 'use no colours (also: NO_COLOR in the environment)')
    .option('--json', 'print data as JSON')
    .configureOutput({
      writeOut: (text) => void host.stdout.write(text),
      writeErr: (text) => void host.stderr.write(text),
      getOutHelpWidth: () => host.stdout.columns ?? 100,
      getErrHelpWidth: () => host.stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText(
      'after',
      `\nExit codes:\n${exitCodeMeanings.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`).join('\n')}`,
    );
  return program;
}

function addCommand(
  program: Command,
  { name, summary, description, arguments: words = [], options = [], examples = [] }: CommandEntry,
): Command {
  const sentence = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
  const command = program
    .command(name)
    .summary(summary)
    .description(description === undefined ? sentence : `${sentence}\n${description}`)
    .allowExcessArguments(false);
  for (const { syntax, description: text, default: value } of words) command.argument(syntax, text, value);
  for (const { flags, description: text, default: value, repeatable = false } of options) {
    if (repeatable) command.option(flags, text, (each, before: readonly string[] = []) => [...before, each]);
    else command.option(flags, text, value as string);
  }
  if (examples.length > 0) command.addHelpText('after', `\nExamples:\n${renderExamples(examples)}`);
  return command;
}

/** The command line above its meaning: together they would not fit into a narrow terminal. */
function renderExamples(examples: NonNullable<CommandEntry['examples']>): string {
  return examples.map(([commandLine, meaning]) => `  signalbox ${commandLine}\n      ${meaning}`).join('\n');
}
