/** One line of the report. */
export interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: 'ms' | 'kB' | '% of a core' | 'requests' | 'reloads' | 'per second';
  /** How many times the thing that it is compared with, of the same run. */
  readonly ratio?: number;
  readonly against?: string;
  /** For the ratio, or for the value where there is none. */
  readonly limit?: { readonly atMost: number } | { readonly atLeast: number };
  /** How often it was measured; the value is the median. */
  readonly samples: number;
}

export interface MeasurementContext {
  /** Larger clusters, longer runs. */
  readonly full: boolean;
  /** Who is measured where a whole program can take part: Signalbox, and what was named beside it. */
  readonly contestants: readonly Contestant[];
  readonly signal: AbortSignal;
  /** One line for whoever waits. */
  readonly say: (text: string) => void;
}

export interface Measurement {
  /** For `--only`. */
  readonly id: string;
  readonly title: string;
  /** Yields rows as they come. Throws when it could not be made. */
  measure(context: MeasurementContext): AsyncIterable<Row>;
}

/** A program that keeps HAProxy in step with Marathon. */
export interface Contestant {
  readonly name: string;
  /** Resolves when it was started; whoever measures waits for traffic. */
  start(task: ContestantTask): Promise<RunningContestant>;
}

export interface PortRange {
  readonly from: number;
  /** The last one. */
  readonly to: number;
}

export interface ContestantTask {
  readonly marathonUrls: readonly string[];
  /** Where the service ports of the apps are to listen. */
  readonly address: string;
  /** Ports of apps that may come while it is measured. */
  readonly portRange?: PortRange;
  /** Of its own, short enough for sockets. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

export interface RunningContestant extends AsyncDisposable {
  /** Reloads of the proxy so far; undefined when it cannot be asked. */
  readonly reloads: number | undefined;
  /** HAProxy's stats socket, if it is known. */
  readonly runtimeSocket: string | undefined;
  /** What went wrong lately, for error messages. */
  describe(): string;
}

/** Whether a row keeps its limit; undefined when it has none. */
export function keepsLimit({ value, ratio, limit }: Row): boolean | undefined {
  if (limit === undefined) return undefined;
  const measured = ratio ?? value;
  return 'atMost' in limit ? measured <= limit.atMost : measured >= limit.atLeast;
}
