import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** As much of HAProxy 3.4 as a sink asks for over the runtime socket; every reply is worded as 3.4.7 words it. */
export interface ScriptedProcess {
  readonly pid: number;
  /** An old worker, which only finishes its connections. */
  stopping: boolean;
  readonly backends: ReadonlyMap<string, ScriptedBackend>;
  answer(command: string): string;
}

export interface ScriptedBackend {
  published: boolean;
  readonly servers: Map<string, ScriptedServer>;
}

export interface ScriptedServer {
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  state: ServerState;
}

type ServerState = keyof typeof adminStates;
const adminStates = { ready: 0, maint: 1, drain: 8 } as const;

const header =
  'be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port';

const helpOfAddBackend = `The following commands are valid at this level:
  add backend <backend>                   : add a new backend
  help [<command>]                        : list matching or all commands
  prompt [help | n | i | p | timed ]*     : toggle interactive mode with prompt
  quit                                    : disconnect`;

const noBackend = 'No such backend.';

/** With the configuration and the maps as they are on the disk now; with nothing when there is no configuration. */
export function startProcess(pid: number, configPath: string, runDirectory: string): ScriptedProcess {
  const config = readConfig(configPath);
  const description = /^ {2}description (\S+)$/m.exec(config)?.[1];
  const defaults = new Set([...config.matchAll(/^defaults (\S+)$/gm)].map(([, name]) => name ?? ''));
  const backends = readBackends(config);
  const maps = readMaps(config, runDirectory);

  const answers: readonly (readonly [RegExp, (...words: string[]) => string])[] = [
    [/^show info$/, describe],
    [/^help add backend$/, () => helpOfAddBackend],
    [/^show backend$/, () => ['# name', ...backends.keys()].join('\n')],
    [/^show servers state(?: (\S+))?$/, showServers],
    [/^show map (\S+)$/, (path) => withMap(path, showMap)],
    [/^get map (\S+) (\S+)$/, (path, key = '') => withMap(path, (map) => showEntry(key, map.get(key)))],
    [
      /^(add|set) map (\S+) (\S+) (\S+)$/,
      (verb, path, key, value) => withMap(path, (map) => put(map, verb, key, value)),
    ],
    [/^del map (\S+) (\S+)$/, (path, key = '') => withMap(path, (map) => (map.delete(key) ? '' : 'Key not found.'))],
    [/^add backend (\S+) from (\S+) mode (?:http|tcp)$/, addBackend],
    [/^(publish|unpublish) backend (\S+)$/, publish],
    [/^del backend (\S+)$/, deleteBackend],
    [/^add server (\S+)\/(\S+) (\S+):(\d+) weight (\d+)/, addServer],
    [/^set server (\S+)\/(\S+) state (ready|drain|maint)$/, setState],
    [/^del server (\S+)\/(\S+)$/, deleteServer],
  ];

  const process: ScriptedProcess = {
    pid,
    stopping: false,
    backends,
    answer(command) {
      for (const [pattern, answer] of answers) {
        const match = pattern.exec(command);
        if (match !== null) return answer(...match.slice(1));
      }
      return `Unknown command: '${command}'`;
    },
  };
  return process;

  function describe(): string {
    const numbers = ['Uptime_sec', 'CurrConns', 'Maxconn', 'CumReq', 'Listeners'].map((name) => `${name}: 1`);
    const own = description === undefined ? [] : [`description: ${description}`];
    const lines = ['Name: HAProxy', 'Version: 3.4.7-1', `Pid: ${pid}`, ...own, ...numbers];
    return [...lines, `Stopping: ${process.stopping ? 1 : 0}`].join('\n');
  }

  function withMap(path = '', use: (map: Map<string, string>) => string): string {
    const map = maps.get(path);
    return map === undefined ? 'Unknown map identifier. Please use #<id> or <file>.' : use(map);
  }

  function showServers(only?: string): string {
    if (only !== undefined && !backends.has(only)) return "Can't find backend.";
    const rows = [...backends].flatMap(([backend, { servers }], place) =>
      only !== undefined && only !== backend
        ? []
        : [...servers].map(([name, { address, port, weight, state }], index) => {
            const operational = state === 'maint' ? 0 : 2;
            const weights = `${adminStates[state]} ${weight} ${weight}`;
            return `${place} ${backend} ${index + 1} ${name} ${address} ${operational} ${weights} 1 1 0 0 0 0 0 0 - ${port} - 0 0 - - 0`;
          }),
    );
    return ['1', `# ${header}`, ...rows].join('\n');
  }

  function addBackend(name = '', from = ''): string {
    if (!defaults.has(from)) return `Cannot find default proxy '${from}'.`;
    if (backends.has(name))
      return `Error during backend creation : name is already used by other proxy 'backend ${name}'.`;
    backends.set(name, { published: false, servers: new Map() });
    return 'New backend registered.';
  }

  function publish(verb = '', name = ''): string {
    const backend = backends.get(name);
    if (backend === undefined) return noBackend;
    backend.published = verb === 'publish';
    return `Backend ${verb}ed.`;
  }

  function deleteBackend(name = ''): string {
    const backend = backends.get(name);
    if (backend === undefined) return noBackend;
    if (backend.published) return 'Backend must be unpublished prior to its deletion.';
    if (backend.servers.size > 0) return 'Only a backend without server can be deleted.';
    backends.delete(name);
    return 'Backend deleted.';
  }

  function addServer(backend = '', name = '', address = '', port = '', weight = ''): string {
    const servers = backends.get(backend)?.servers;
    if (servers === undefined) return noBackend;
    if (servers.has(name)) return 'Already exists a server with the same name in backend.';
    servers.set(name, { address, port: Number(port), weight: Number(weight), state: 'maint' });
    return 'New server registered.';
  }

  function setState(backend = '', name = '', state = ''): string {
    const servers = backends.get(backend)?.servers;
    if (servers === undefined) return noBackend;
    const server = servers.get(name);
    if (server === undefined) return 'No such server.';
    server.state = state as ServerState;
    return '';
  }

  function deleteServer(backend = '', name = ''): string {
    const servers = backends.get(backend)?.servers;
    if (servers === undefined) return noBackend;
    const state = servers.get(name)?.state;
    if (state === undefined) return 'No such server.';
    if (state !== 'maint') return 'Only servers in maintenance mode can be deleted.';
    servers.delete(name);
    return 'Server deleted.';
  }
}

function readConfig(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function readBackends(config: string): Map<string, ScriptedBackend> {
  const backends = new Map<string, ScriptedBackend>();
  for (const section of config.split(/^(?=\S)/m)) {
    const name = /^backend (\S+)/.exec(section)?.[1];
    if (name === undefined) continue;
    const servers = new Map<string, ScriptedServer>();
    for (const [, server = '', address = '', port, weight] of section.matchAll(
      /^ {2}server (\S+) (\S+):(\d+) weight (\d+)/gm,
    ))
      servers.set(server, { address, port: Number(port), weight: Number(weight), state: 'ready' });
    backends.set(name, { published: true, servers });
  }
  return backends;
}

/** Those that the configuration speaks of. */
function readMaps(config: string, runDirectory: string): ReadonlyMap<string, Map<string, string>> {
  const paths = readdirSync(runDirectory).map((file) => join(runDirectory, file));
  return new Map(paths.filter((path) => config.includes(`${path})`)).map((path) => [path, readMap(path)]));
}

function readMap(path: string): Map<string, string> {
  const rows = readFileSync(path, 'utf8').matchAll(/^([^#\s]\S*) (\S+)$/gm);
  return new Map([...rows].map(([, key = '', value = '']) => [key, value]));
}

function showMap(map: ReadonlyMap<string, string>): string {
  return [...map].map(([key, value]) => `0x7f00 ${key} ${value}`).join('\n');
}

function showEntry(key: string, value: string | undefined): string {
  if (value === undefined) return 'type=str, case=sensitive, found=no';
  return `type=str, case=sensitive, found=yes, idx=tree, key="${key}", value="${value}", type="str"`;
}

function put(map: Map<string, string>, verb = '', key = '', value = ''): string {
  if (verb === 'set' && !map.has(key)) return 'entry not found.';
  map.set(key, value);
  return '';
}
