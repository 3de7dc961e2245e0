/** What the name of an SRV record says. */
export interface ServiceName {
  /** `agent`: below `.slave`, the ports that a task holds on its agent. `task`: what its framework announces. */
  readonly view: 'task' | 'agent';
  readonly portName: string | undefined;
  readonly task: string;
  /** As it stands in the name: `tcp`, `udp`, or whatever the framework wrote. */
  readonly protocol: string;
  /** May have several labels: `Chronos.Prod` is `chronos.prod`. */
  readonly framework: string;
}

/**
 * Reads `_port._task._protocol.framework.domain` and `_task._protocol.framework.domain`, also with `.slave` in front of the domain.
 * Undefined for everything else: records of masters and agents, and the second set that Mesos-DNS makes of every task whose
 * framework announces ports, under the raw name. `api.prod` then looks like two labels, and `My_App` has characters that labels of
 * Mesos-DNS never have.
 *
 * @param name - with or without a dot at the end
 */
export function parseServiceName(name: string, domain: string): ServiceName | undefined {
  const suffix = `.${domain}`;
  const bare = name.replace(/\.$/, '');
  if (!bare.endsWith(suffix)) return undefined;
  const labels = bare.slice(0, -suffix.length).split('.');
  const rest = labels.findIndex((label) => !label.startsWith('_'));
  if (rest !== 2 && rest !== 3) return undefined;
  const [protocol = '', task = '', portName] = labels
    .slice(0, rest)
    .map((label) => label.slice(1))
    .reverse();
  const framework = labels.slice(rest);
  if (![protocol, task, portName ?? 'none', ...framework].every(isLabel)) return undefined;
  // A framework may itself be called "slave".
  const view = framework.length > 1 && framework.at(-1) === 'slave' ? 'agent' : 'task';
  const frameworkLabels = view === 'agent' ? framework.slice(0, -1) : framework;
  return { view, portName, task, protocol, framework: frameworkLabels.join('.') };
}

/** What Mesos-DNS makes of any text; so it can tell its own names from raw ones. */
function isLabel(text: string): boolean {
  return text.length <= 63 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text);
}
