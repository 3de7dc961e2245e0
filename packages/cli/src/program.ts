import { Command, CommanderError, Option } from 'commander';
import { type CommandEntry, type CommandGroup, commandTable } from './command-table.ts';
import { type ExitCode, exitCodeMeanings, exitCodeOf, exitCodes, UsageError } from './exit-codes.ts';
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
  const add = (parent: Command, entry: CommandEntry): void => {
    addCommand(parent, entry).action(async (...parameters: unknown[]) => {
      // Arguments and options come first.
      exitCode = await callCommand(entry, parameters.at(-1) as Command, host);
    });
  };
  for (const entry of commandTable) {
    if (!('commands' in entry)) {
      add(program, entry);
      continue;
    }
    const group = addGroup(program, entry);
    for (const one of entry.commands) add(group, one);
    group.action(async (word: string | undefined) => {
      const [first] = entry.commands;
      exitCode = await callCommand(word === undefined ? first : toUnknown(entry, word), group, host);
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

function addGroup(program: Command, { name, summary, description }: CommandGroup): Command {
  return program
    .command(name)
    .summary(summary)
    .description(describe(summary, description))
    .usage('[command]')
    .argument('[command]')
    .allowExcessArguments(true)
    .helpCommand(false);
}

/** What was called, where a group has no such command. */
function toUnknown({ name, commands }: CommandGroup, word: string): CommandEntry {
  const names = commands.map((one) => one.name);
  return {
    name,
    summary: '',
    load: async () => ({
      async execute() {
        const { suggest } = await import('./config/suggest.ts');
        const meant = suggest(word, names);
        throw new UsageError(
          `unknown command "${name} ${word}"`,
          meant === undefined ? `there are ${names.join(', ')}` : `did you mean "${name} ${meant}"?`,
        );
      },
    }),
  };
}

function describe(summary: string, description?: string): string {
  const sentence = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
  return description === undefined ? sentence : `${sentence}\n${description}`;
}

function addCommand(
  parent: Command,
  { name, summary, description, arguments: words = [], options = [], examples = [] }: CommandEntry,
): Command {
  const command = parent
    .command(name)
    .summary(summary)
    .description(describe(summary, description))
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
