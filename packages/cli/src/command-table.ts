import type { ExitCode } from './exit-codes.ts';
import type { Invocation, InvocationDefaults } from './invocation.ts';

/** A command as the command line knows it. Its module is loaded when it is called, so that `--version` and `--help` stay fast. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly arguments?: readonly CommandArgument[];
  readonly options?: readonly CommandOption[];
  /** Whole command lines without `signalbox`, each with what it does. */
  readonly examples?: readonly (readonly [commandLine: string, meaning: string])[];
  readonly defaults?: InvocationDefaults;
  /** `execute` gets arguments and options as commander names them. */
  readonly load: () => Promise<{ execute(invocation: Invocation, options: never): Promise<ExitCode> }>;
}

/** Commands that belong together, called as `signalbox <group> <command>`. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  /** The first one is called by the name of the group alone. */
  readonly commands: readonly [CommandEntry, ...CommandEntry[]];
}

/** What stands on the command line without a flag. */
export interface CommandArgument {
  /** In angle brackets when it is required, in square ones when it is not. */
  readonly syntax: string;
  readonly description: string;
  readonly default?: string;
}

export interface CommandOption {
  readonly flags: string;
  readonly description: string;
  readonly default?: string | readonly string[];
  /** May be given several times; `execute` gets a list. */
  readonly repeatable?: boolean;
}

const timeout: CommandOption = {
  flags: '--timeout <duration>',
  description: 'how long to wait for the sources',
  default: '30s',
};

const drainTransform: CommandOption = {
  flags: '--transform <place>',
  description: 'which drain transform, when there are several: its place as "signalbox graph" calls it',
};

/** In the order of the help. */
export const commandTable: readonly (CommandEntry | CommandGroup)[] = [
  {
    name: 'demo',
    summary: 'play a cluster and its accidents in front of a real HAProxy, and count what clients notice',
    description:
      'Needs nothing but HAProxy, and uses only loopback addresses. Exits with 1 when a promise was not kept.',
    options: [
      { flags: '--quick', description: 'as fast as it goes, for tests' },
      { flags: '--keep', description: 'go on running afterwards, to try things with curl' },
      { flags: '--seed <number>', description: 'decides task ids, agents and small delays', default: '1' },
      { flags: '--haproxy <program>', description: 'the HAProxy to start', default: 'haproxy' },
    ],
    load: () => import('./demo/command.ts'),
  },
  {
    name: 'init',
    summary: 'write a first signalbox.yaml, with comments, and its schema for editors',
    options: [
      { flags: '--marathon <url...>', description: 'where Marathon answers', default: ['http://localhost:8080'] },
      {
        flags: '--haproxy <path>',
        description: 'the configuration file of HAProxy',
        default: '/etc/haproxy/haproxy.cfg',
      },
      { flags: '--force', description: 'write over a file that exists' },
    ],
    load: () => import('./commands/init.ts'),
  },
  {
    name: 'check',
    summary: 'check the configuration, and with --probe what it points to',
    options: [{ flags: '--probe', description: 'ask every source and sink whether it could start' }, timeout],
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'plan',
    summary: 'show what would change, without touching anything',
    description: 'Exits with 0 when there is nothing to change, with 2 when there is.',
    options: [timeout],
    load: () => import('./commands/plan.ts'),
  },
  {
    name: 'apply',
    summary: 'bring every sink into step once',
    options: [timeout],
    load: () => import('./commands/apply.ts'),
  },
  {
    name: 'run',
    summary: 'keep every sink in step until it is stopped',
    description: 'SIGHUP reads the configuration again; when that has problems, the old one stays in force.',
    defaults: { logLevel: 'info', logFormat: 'auto' },
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'status',
    summary: 'show what the targets counted: sessions, requests, errors, and who is up',
    description: 'Only reads. A Signalbox that runs is not needed, and not disturbed.',
    arguments: [{ syntax: '[sink]', description: 'only this sink' }],
    options: [timeout],
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'catalog',
    summary: 'show the services behind all transforms',
    options: [timeout],
    load: () => import('./commands/catalog.ts'),
  },
  {
    name: 'render',
    summary: 'print what a sink would write',
    options: [
      { flags: '--sink <id>', description: 'which sink, when there are several' },
      { flags: '--file <name>', description: 'only this file' },
      { flags: '--data', description: 'what a template sink makes its files of, as JSON' },
      timeout,
    ],
    load: () => import('./commands/render.ts'),
  },
  {
    name: 'explain',
    summary: 'show where a service, an endpoint or the answer to a URL comes from, step by step',
    description:
      'Takes a service id, a name or a pattern such as "/shop/*", the id or the address of an endpoint, a service port, or a URL. Reads the sources and asks the sinks, and changes nothing.',
    arguments: [{ syntax: '<what>', description: 'what to explain' }],
    options: [
      { flags: '--method <method>', description: 'of the request, for a URL', default: 'GET' },
      {
        flags: '--header <header>',
        description: '"name: value" of the request, for a URL; may be given several times',
        repeatable: true,
      },
      timeout,
    ],
    examples: [
      ['explain /shop/cart', 'where the service comes from, and what becomes of it'],
      ['explain shop.example.com/cart', 'which service a request reaches, and why'],
      ['explain 10.0.3.7:31002', 'which task this is, and whether it takes traffic'],
    ],
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'graph',
    summary: 'draw the pipeline of the file, without asking anything',
    options: [{ flags: '--format <format>', description: 'text, dot (Graphviz) or mermaid', default: 'text' }],
    examples: [
      ['graph', 'what leads where'],
      ['graph --format dot | dot -Tsvg > pipeline.svg', 'the same as a picture'],
    ],
    load: () => import('./commands/graph.ts'),
  },
  {
    name: 'tap',
    summary: 'follow what passes a point of the pipeline, as JSON lines',
    description:
      'Runs sources and transforms by itself, applies nothing, and ends with SIGINT. Points: catalog, sources.<id> (what it says), sources.<id>.guarded (what counts), sources.<id>.transforms[0], transforms[0], sinks.<id>.transforms[0], sinks.<id> (its plans) and events.',
    arguments: [{ syntax: '[point]', description: 'what to follow', default: 'catalog' }],
    options: [
      { flags: '--full', description: 'the whole set in every line, not only what changed' },
      {
        flags: '--select <selector>',
        description: 'only these services: a name pattern, or such as "source=mesos and label.team=red"',
      },
      { flags: '--limit <number>', description: 'end after so many lines' },
      { flags: '--for <duration>', description: 'end after this time' },
    ],
    examples: [
      ['tap', 'every change of the catalog'],
      ['tap sources.mesos --select "/shop/*"', 'what Marathon says of the shop'],
      ['tap sources.mesos --full --limit 1 > tests/mesos.json', 'services for "signalbox test"'],
      ['tap sinks.edge', 'what the sink would do, again after every change'],
    ],
    load: () => import('./commands/tap.ts'),
  },
  {
    name: 'drain',
    summary: 'take endpoints out of the traffic, until a time and for a reason',
    description:
      'Edits the file of the drain transform of the configuration. A Signalbox that runs sees a change within about a second; none is needed for it. Sources are asked only to show what an entry matches.',
    commands: [
      {
        name: 'list',
        summary: 'show the drains of the file',
        options: [drainTransform],
        load: () => import('./commands/drain-list.ts'),
      },
      {
        name: 'add',
        summary: 'drain what a selector matches; an entry that matches the same is replaced',
        description:
          'The selector is about endpoints: endpoint.address=10.0.0.7, endpoint.metadata.agent=10.0.0.7, or the name of a service for all of its endpoints. The last ones of a service that can serve stay until somebody else can.',
        arguments: [{ syntax: '<selector>', description: 'the endpoints' }],
        options: [
          { flags: '--for <duration>', description: 'how long: 30m, 2h, 1d' },
          { flags: '--until <time>', description: 'until when, with the offset: 2026-01-31T18:00:00Z' },
          { flags: '--reason <text>', description: 'for people: one line' },
          { flags: '--force', description: 'also where nobody else could serve' },
          { flags: '--dry-run', description: 'show what it would match, and write nothing' },
          drainTransform,
          { ...timeout, default: '10s', description: 'how long to wait for the sources, to show what it matches' },
        ],
        examples: [
          ['drain add endpoint.metadata.agent=10.0.0.7 --for 2h --reason "a new disk"', 'empties an agent'],
          ['drain add "name=/shop/cart and source=old" --for 1d --reason "wrong prices"', 'one origin of a service'],
          ['drain add "endpoint.address=10.0.3.*" --for 1h --reason test --dry-run', 'who would be drained'],
        ],
        load: () => import('./commands/drain-add.ts'),
      },
      {
        name: 'remove',
        summary: 'let endpoints take traffic again',
        arguments: [{ syntax: '[what...]', description: 'numbers or selectors, as "signalbox drain list" shows them' }],
        options: [{ flags: '--ended', description: 'all that have ended' }, drainTransform],
        examples: [
          ['drain remove 2', 'the second of the list'],
          ['drain remove endpoint.metadata.agent=10.0.0.7', 'the one with this selector'],
          ['drain remove --ended', 'tidies up'],
        ],
        load: () => import('./commands/drain-remove.ts'),
      },
    ],
  },
  {
    name: 'test',
    summary: 'run the scenarios beside the file: services in, expected services and artefacts out',
    description:
      'Without files: signalbox.test.yaml and tests/*.yaml beside the configuration file. Makes no source, asks no sink but what it would write, and reads neither secrets nor the environment.',
    arguments: [{ syntax: '[files...]', description: 'files with scenarios' }],
    options: [
      { flags: '--only <pattern>', description: 'only scenarios whose name matches, * stands for anything' },
      { flags: '--schema', description: 'print the JSON Schema of these files, for editors' },
    ],
    examples: [
      ['test', 'all scenarios'],
      ['test tests/cart.yaml --only "*canary*"', 'some of them'],
      ['test --schema > signalbox-test.schema.json', 'for the editor'],
    ],
    load: () => import('./commands/test.ts'),
  },
  {
    name: 'list',
    summary: 'show the plugins that can be used',
    load: () => import('./commands/list.ts'),
  },
  {
    name: 'schema',
    summary: 'print the JSON Schema of the configuration file, for editors',
    load: () => import('./commands/schema.ts'),
  },
];

/** Every command with the words that call it. */
export function listCommands(): readonly { readonly words: readonly string[]; readonly entry: CommandEntry }[] {
  return commandTable.flatMap((entry) =>
    'commands' in entry
      ? entry.commands.map((one) => ({ words: [entry.name, one.name], entry: one }))
      : [{ words: [entry.name], entry }],
  );
}
