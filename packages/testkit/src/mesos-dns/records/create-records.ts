import type { MesosFramework, MesosState, MesosTask } from '../cluster/mesos-state.ts';
import { frameworkNameOf, labelOf } from './label.ts';
import { type EnumeratedTask, RecordTable } from './record-table.ts';
import { agentAddressOf, type IpSource, splitPid, taskAddressesOf } from './task-addresses.ts';
import { taskHashOf } from './task-hash.ts';

export interface RecordOptions {
  /** Without a dot at the end. */
  readonly domain: string;
  readonly ipSources: readonly IpSource[];
  /** `IP:PORT` of the configured masters; the leader is added to them. */
  readonly masters: readonly string[];
  /** Addresses of Mesos-DNS itself. */
  readonly ownAddresses: readonly string[];
}

/** All records that Mesos-DNS makes of a master's state. */
export function createRecords(state: MesosState, options: RecordOptions): RecordTable {
  const table = new RecordTable();
  for (const framework of state.frameworks) addFramework(table, framework, state, options);
  addMasters(table, state, options);
  for (const { pid } of state.slaves) {
    const { host, port } = splitPid(pid);
    table.addAddress(`slave.${options.domain}.`, host);
    table.add('SRV', `_slave._tcp.${options.domain}.`, `slave.${options.domain}.:${port}`);
  }
  for (const address of options.ownAddresses) table.addAddress(`ns1.${options.domain}.`, address);
  return table;
}

function addFramework(table: RecordTable, framework: MesosFramework, state: MesosState, options: RecordOptions): void {
  const name = `${frameworkNameOf(framework.name)}.${options.domain}.`;
  const scheduler = framework.pid === undefined ? undefined : splitPid(framework.pid);
  table.addAddress(name, scheduler?.host ?? framework.hostname);
  if (scheduler !== undefined) table.add('SRV', `_framework._tcp.${name}`, `${name}:${scheduler.port}`);
  const tasks: EnumeratedTask[] = [];
  for (const task of framework.tasks) {
    const agentAddress = agentAddressOf(state, task.slave_id);
    if (task.state !== 'TASK_RUNNING' || agentAddress === undefined) continue;
    const listed: EnumeratedTask = { name: task.name, id: task.id, records: [] };
    tasks.push(listed);
    addTask(table, task, listed, { framework: frameworkNameOf(framework.name), agentAddress, options });
  }
  table.frameworks.push({ tasks, name: framework.name });
}

interface TaskContext {
  readonly framework: string;
  readonly agentAddress: string;
  readonly options: RecordOptions;
}

function addTask(table: RecordTable, task: MesosTask, listed: EnumeratedTask, context: TaskContext): void {
  const raw = task.discovery?.name ?? task.name;
  // With DiscoveryInfo there is a second set under the name as it is, which only looks like a DNS name by chance.
  const names = task.discovery === undefined ? [labelOf(raw)] : [...new Set([raw, labelOf(raw)])];
  for (const name of names) addNamedTask(table, task, listed, name, context);
}

function addNamedTask(
  table: RecordTable,
  task: MesosTask,
  listed: EnumeratedTask,
  name: string,
  { framework, agentAddress, options }: TaskContext,
): void {
  const own = `${framework}.${options.domain}.`;
  const agent = `${framework}.slave.${options.domain}.`;
  const canonical = `${name}-${taskHashOf(task.id)}-${task.slave_id.slice(task.slave_id.lastIndexOf('-') + 1).toLowerCase()}`;
  for (const address of taskAddressesOf(task, agentAddress, options.ipSources)) {
    table.addAddress(`${name}.${own}`, address, listed);
    table.addAddress(`${canonical}.${own}`, address, listed);
  }
  table.addAddress(`${name}.${agent}`, agentAddress, listed);
  table.addAddress(`${canonical}.${agent}`, agentAddress, listed);
  for (const port of expandRanges(task.resources.ports)) {
    const target = `${canonical}.${agent}:${port}`;
    for (const protocol of bothProtocols) {
      table.add('SRV', `_${name}._${protocol}.${agent}`, target, listed);
      if (task.discovery === undefined) table.add('SRV', `_${name}._${protocol}.${own}`, target, listed);
    }
  }
  for (const port of task.discovery?.ports?.ports ?? []) {
    const target = `${canonical}.${own}:${port.number}`;
    for (const protocol of port.protocol === undefined ? bothProtocols : [labelOf(port.protocol)]) {
      table.add('SRV', `_${name}._${protocol}.${own}`, target, listed);
      if (port.name !== undefined) {
        table.add('SRV', `_${labelOf(port.name)}._${name}._${protocol}.${own}`, target, listed);
      }
    }
  }
}

const bothProtocols = ['tcp', 'udp'];

function addMasters(table: RecordTable, state: MesosState, { domain, masters }: RecordOptions): void {
  const leader = splitPid(state.leader);
  table.addAddress(`leader.${domain}.`, leader.host);
  for (const protocol of bothProtocols) {
    table.add('SRV', `_leader._${protocol}.${domain}.`, `leader.${domain}.:${leader.port}`);
  }
  const hosts = new Set([...masters.map((master) => splitPid(`@${master}`).host), leader.host]);
  for (const [index, host] of [...hosts].entries()) {
    table.addAddress(`master.${domain}.`, host);
    table.addAddress(`master${index}.${domain}.`, host);
  }
}

/** `[31000-31001, 31500-31500]`, both ends included. */
function expandRanges(text = ''): readonly number[] {
  return [...text.matchAll(/(\d+)-(\d+)/g)].flatMap(([, first, last]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index),
  );
}
