#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { runSimulator } from '../control/run-simulator.ts';
import { dialectNames } from './dialects/dialect-name.ts';
import { createMarathonSimulator } from './simulator.ts';

const usage = `Usage: signalbox-marathon-simulator [options]

Runs a simulated Marathon cluster on loopback addresses, and prints one line of JSON with its URLs when it is ready.

  --masters <number>       Marathon nodes (2)
  --port <number>          port of the first node; the others follow (free ports)
  --agents <number>        agents (4)
  --apps <number>          apps to begin with, /app-1 and so on (1)
  --instances <number>     instances of each (2)
  --seed <number>          decides ids and placement (1)
  --dialect <version>      the version of Marathon: ${dialectNames.join(', ')} (1.10)
  --control-port <number>  port of the control API (a free port)
  --no-live-tasks          tasks without servers, for big clusters
  --help                   this text
`;

const options = {
  masters: { type: 'string', default: '2' },
  port: { type: 'string', default: '0' },
  agents: { type: 'string', default: '4' },
  apps: { type: 'string', default: '1' },
  instances: { type: 'string', default: '2' },
  seed: { type: 'string', default: '1' },
  dialect: { type: 'string', default: '1.10' },
  'control-port': { type: 'string', default: '0' },
  'live-tasks': { type: 'boolean', default: true },
  help: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

await runSimulator(async () => {
  const { values } = parseArgs({ options, allowNegative: true });
  if (values.help) process.stdout.write(usage);
  else await run(values);
});

async function run(values: Values): Promise<void> {
  const toNumber = (name: 'masters' | 'port' | 'agents' | 'apps' | 'instances' | 'seed' | 'control-port'): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 0) throw new RangeError(`--${name} must be a whole number`);
    return value;
  };
  const port = toNumber('port');
  const masters = toNumber('masters');
  const dialect = dialectNames.find((name) => name === values.dialect);
  if (dialect === undefined) throw new RangeError(`--dialect must be one of ${dialectNames.join(', ')}`);
  const simulator = await createMarathonSimulator({
    seed: toNumber('seed'),
    dialect,
    masters,
    masterPorts: port === 0 ? [] : Array.from({ length: masters }, (_, index) => port + index),
    agents: toNumber('agents'),
    liveTasks: values['live-tasks'],
    control: { port: toNumber('control-port') },
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void simulator.close());
  for (let number = 1; number <= toNumber('apps'); number += 1) {
    await simulator.createApp({
      id: `/app-${number}`,
      instances: toNumber('instances'),
      healthChecks: [{ protocol: 'HTTP', path: '/health' }],
    });
  }
  await simulator.settled();
  const { urls, controlUrl } = simulator;
  process.stdout.write(`${JSON.stringify({ urls, controlUrl })}\n`);
}
