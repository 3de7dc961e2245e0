import type { Logger } from '@signalbox/core';
import type { LoadedConfig } from './config/load.ts';
import { UsageError } from './exit-codes.ts';
import type { Host, Output } from './host.ts';
import { type Colors, createColors, wantsColors } from './output/colors.ts';
import type { LogFormat, LogLevel } from './output/log-choices.ts';
import { unlimitedWidth } from './output/wrap-text.ts';

/** The flags that every command takes, as the command line gave them. */
export interface GlobalOptions {
  readonly config: string;
  readonly logLevel?: LogLevel;
  readonly logFormat?: LogFormat;
  readonly color?: boolean;
  readonly json?: boolean;
}

export interface InvocationDefaults {
  readonly logLevel: LogLevel;
  /** `auto`: pretty on a terminal, JSON otherwise. */
  readonly logFormat: LogFormat | 'auto';
}

/** One call of one command: the flags, made ready to use. */
export interface Invocation {
  readonly host: Host;
  readonly configPath: string;
  readonly json: boolean;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  /** Colours for stdout and for stderr; one of them may be a file. */
  readonly colors: Colors;
  readonly talkColors: Colors;
  /** Columns of stdout and of stderr now; unlimited where they are no terminal. */
  readonly width: number;
  readonly talkWidth: number;
  /** Data, to stdout, with a newline behind it. */
  print(text: string): void;
  /** Talk, to stderr, with a newline behind it. */
  say(text: string): void;
  createLogger(): Promise<Logger>;
  loadConfig(): Promise<LoadedConfig>;
}

export function createInvocation(host: Host, options: GlobalOptions, defaults: InvocationDefaults): Invocation {
  const logLevel = options.logLevel ?? defaults.logLevel;
  const automatic =
    defaults.logFormat === 'auto' ? (host.stderr.isTTY === true ? 'pretty' : 'json') : defaults.logFormat;
  const logFormat = options.logFormat ?? automatic;
  const talkColors = createColors(wantsColors(options.color, host.stderr.isTTY === true, host.environment));
  return {
    host,
    configPath: options.config,
    json: options.json === true,
    logLevel,
    logFormat,
    colors: createColors(wantsColors(options.color, host.stdout.isTTY === true, host.environment)),
    talkColors,
    get width() {
      return widthOf(host.stdout);
    },
    get talkWidth() {
      return widthOf(host.stderr);
    },
    print: (text) => void host.stdout.write(`${text}\n`),
    say: (text) => void host.stderr.write(`${text}\n`),
    async createLogger() {
      const { createLogger } = await import('./output/logger.ts');
      return createLogger({
        level: logLevel,
        format: logFormat,
        output: host.stderr,
        colors: talkColors,
        width: () => widthOf(host.stderr),
      });
    },
    async loadConfig() {
      const { loadConfig } = await import('./config/load.ts');
      const { environment, workingDirectory } = host;
      return loadConfig(options.config, { environment, workingDirectory });
    },
  };
}

/** In less nothing can be read, whatever is done. */
const leastWidth = 40;

function widthOf({ isTTY, columns }: Output): number {
  return isTTY === true && columns !== undefined && columns > 0 ? Math.max(leastWidth, columns) : unlimitedWidth;
}

/** A duration from the command line. */
export async function readDurationFlag(flag: string, text: string): Promise<number> {
  const { parseDuration } = await import('./config/durations.ts');
  const durationMs = parseDuration(text);
  if (durationMs === undefined) throw new UsageError(`${flag} expects a duration such as 30s, not "${text}"`);
  return durationMs;
}
