import type { Desired, PortProtocol } from '../desired/model.ts';
import { portProtocols } from '../desired/port-protocols.ts';
import { isInRange } from '../desired/port-ranges.ts';
import { protocolOfTarget } from '../desired/routes/target.ts';
import { renderSections } from '../render/sections.ts';
import type { Settings } from '../settings.ts';
import { digest, type RunningStructure, rulesByBackend } from './structure-map.ts';

/** What of the process, besides backends, is not as it is wanted, and so needs a reload. */
export interface StructureDifference {
  readonly reasons: readonly string[];
  /** False when routes must wait for the rules that belong to them. */
  readonly routesMatch: boolean;
}

const sectionNames: Readonly<Record<string, string>> = {
  global: 'the global settings changed',
  defaults: 'the defaults changed',
  passthrough: 'TLS that is passed through begins or ends',
  authorities: 'the authorities of endpoints changed',
  clients: 'the authorities of clients changed',
  ports: '`bindAddress`, `portRanges` or the TLS of service ports changed',
};

export function compareStructure(desired: Desired, settings: Settings, running: RunningStructure): StructureDifference {
  const reasons: string[] = [];
  let routesMatch = true;
  const wanted = renderSections(desired, settings);
  for (const { key, compared } of wanted) {
    if (running.sections.get(key) === digest(compared)) continue;
    if (key === 'routes') {
      routesMatch = false;
      reasons.push(...describeRoutes(desired, running));
    } else reasons.push(sectionNames[key] ?? `the section ${key} changed`);
  }
  if (running.sections.size !== wanted.length) reasons.push('its configuration has other sections');
  for (const labels of desired.wildcardLabels) {
    if (!running.wildcardLabels.includes(labels)) {
      routesMatch = false;
      reasons.push(`the first wildcard host name with ${labels} labels behind *.`);
    }
  }
  return { reasons: [...reasons, ...describePorts(desired, running)], routesMatch };
}

/** What is spoken on a port of the process; undefined when it does not listen there. */
export function protocolOfRunningPort(running: RunningStructure, port: number): PortProtocol | 'any' | undefined {
  return running.ports.get(port) ?? (isInRange(running.ranges, port) ? 'any' : undefined);
}

/** Conditions, redirects and their like stand in the frontend. Whose they are is said, since everything else goes without a reload. */
function describeRoutes(desired: Desired, running: RunningStructure): readonly string[] {
  const wanted = rulesByBackend(desired);
  const names = new Set([...wanted.keys(), ...running.rules.keys()]);
  const changed = [...names].filter((name) => wanted.get(name) !== running.rules.get(name)).sort();
  return changed.length === 0
    ? ['`listeners` changed']
    : changed.map((name) => `the conditions or filters of the routes of ${name} changed`);
}

function describePorts({ ports, maps }: Desired, running: RunningStructure): readonly string[] {
  const reasons: string[] = [];
  for (const [key, target] of maps.port) {
    const protocol = protocolOfTarget(target);
    const now = protocolOfRunningPort(running, Number(key));
    if (now === undefined) reasons.push(`port ${key} is new`);
    else if (now !== 'any' && now !== protocol) reasons.push(`port ${key} becomes ${protocol}`);
  }
  const kept = new Set(portProtocols.flatMap((protocol) => ports[protocol]));
  for (const port of running.ports.keys()) {
    if (!kept.has(port)) reasons.push(`port ${port} is not used any more`);
  }
  return reasons;
}
