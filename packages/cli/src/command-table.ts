import type { ExitCode } from './exit-codes.ts';
import type { Invocation, InvocationDefaults } from './invocation.ts';

/** A command as the command line knows it. Its module is loaded when it is called, so that `--version` and `--help` stay fast. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly arguments?: readonly CommandArgument[];
  readonly options?: readonly CommandOption[];
  readonly defaults?: InvocationDefaults;
  /** `execute` gets arguments and options as commander names them. */
  readonly load: () => Promise<{ execute(invocation: Invocation, options: never): Promise<ExitCode> }>;
}

/** What stands on the command line without a flag. */
export interface CommandArgument {
  /** In angle brackets when it is required, in square ones when it is not. */
  readonly syntax: string;
  readonly description: string;
}

export interface CommandOption {
  readonly flags: string;
  readonly description: string;
  readonly default?: string | readonly string[];
}

const timeout: CommandOption = {
  flags: '--timeout <duration>',
  description: 'how long to wait for the sources',
  default: '30s',
};

/** In the order of the help. */
export const commandTable: readonly CommandEntry[] = [
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
      timeout,
    ],
    load: () => import('./commands/render.ts'),
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
