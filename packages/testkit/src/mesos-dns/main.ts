#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { runSimulator } from '../control/run-simulator.ts';
import { createMesosDnsSimulator } from './simulator.ts';

const usage = `Usage: signalbox-mesos-dns-simulator [options]

Runs a simulated Mesos-DNS on the loopback address, and prints one line of JSON with its addresses when it is ready.
Its tasks are names, addresses and ports; nothing listens there.

  --http-port <number>     port of the HTTP API (a free port)
  --dns-port <number>      port of the DNS server, UDP and TCP (a free port)
  --control-port <number>  port of the control API (a free port)
  --tasks <number>         services to begin with, task-1 and so on (1)
  --instances <number>     instances of each (2)
  --help                   this text
`;

const options = {
  'http-port': { type: 'string', default: '0' },
  'dns-port': { type: 'string', default: '0' },
  'control-port': { type: 'string', default: '0' },
  tasks: { type: 'string', default: '1' },
  instances: { type: 'string', default: '2' },
  help: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

await runSimulator(async () => {
  const { values } = parseArgs({ options });
  if (values.help) process.stdout.write(usage);
  else await run(values);
});

async function run(values: Values): Promise<void> {
  const [httpPort, dnsPort, controlPort, tasks, instances] = (
    ['http-port', 'dns-port', 'control-port', 'tasks', 'instances'] as const
  ).map((name) => readNumber(name, values[name])) as [number, number, number, number, number];
  const simulator = await createMesosDnsSimulator({ httpPort, dnsPort, control: { port: controlPort } });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void simulator.close());
  let port = 31_000;
  for (let number = 1; number <= tasks; number += 1) {
    for (let instance = 0; instance < instances; instance += 1) {
      const hostPort = port++;
      simulator.launch({
        name: `task-${number}`,
        hostPorts: [hostPort],
        ports: [{ number: hostPort, name: 'http', protocol: 'tcp' }],
      });
    }
  }
  simulator.refresh();
  const { url, dnsServer, controlUrl } = simulator;
  process.stdout.write(`${JSON.stringify({ url, dnsServer, controlUrl })}\n`);
}

function readNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new RangeError(`--${name} must be a whole number from 0 to 65535`);
}
