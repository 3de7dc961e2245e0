import { describe, expect, test } from 'vitest';
import { addsBackends } from './backends.ts';
import { parseMapValue } from './maps.ts';
import { parseProcesses } from './master-socket.ts';
import { parseProcessInfo } from './process-info.ts';
import { adminStateBits, formatServerStateFile, parseServerStates } from './server-state.ts';
import { capabilitiesOf, parseVersion } from './version.ts';

/** Of HAProxy 2.6.12. */
const states = `1
# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port
3 b 1 s1 127.0.0.1 2 0 1 1 0 1 0 2 0 0 0 0 - 20001 - 0 0 - - 0
3 b 2 s2 ::1 0 5 5 5 12 1 0 0 14 0 0 0 - 20002 - 0 0 - - 0
3 b 3 s3 127.0.0.1 2 0 1 1 0 1 0 2 0 0 0 0 localhost 20003 - 0 0 - - 0
`;

describe('the state of the servers', () => {
  test('is read by the names of the columns', () => {
    const { servers } = parseServerStates(states);
    expect(servers).toHaveLength(3);
    expect(servers[1]).toMatchObject({
      backend: 'b',
      server: 's2',
      address: '::1',
      port: 20_002,
      operationalState: 'stopped',
      adminState: adminStateBits.forcedMaintenance | adminStateBits.configuredMaintenance,
      weight: 5,
      initialWeight: 5,
      secondsSinceLastChange: 12,
      checkState: 14,
    });
    const reordered =
      '1\n# srv_port srv_name be_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_state srv_check_result srv_check_health extra\n80 s b 10.0.0.1 3 8 1 2 3 4 5 6 new\n';
    expect(parseServerStates(reordered).servers[0]).toMatchObject({
      server: 's',
      port: 80,
      operationalState: 'stopping',
    });
  });

  test('is written back byte for byte, row by row, or changed', () => {
    const table = parseServerStates(states);
    expect(formatServerStateFile(table, () => ({}))).toBe(states);
    const lines = formatServerStateFile(table, ({ server }) =>
      server === 's2' ? { adminState: 0, weight: 7, initialWeight: 9, operationalState: 'running' } : undefined,
    ).split('\n');
    expect(lines.slice(2)).toEqual(['3 b 2 s2 ::1 2 0 7 9 12 1 0 0 14 0 0 0 - 20002 - 0 0 - - 0', '']);
  });

  test('an error or an unknown format is not an empty table', () => {
    for (const text of ['', "Can't find backend.", '2\n# a b\n', '1\n# be_name srv_name\n']) {
      const refusal = expect.objectContaining({ code: 'SINK_APPLY_FAILED' });
      expect(() => parseServerStates(text)).toThrow(refusal);
    }
  });
});

describe('the process table', () => {
  const header = '#<PID>          <type>          <reloads>       <uptime>        <version>      ';

  test('of 2.6 after a failed reload', () => {
    const text = `${header}
6554            master          2 [failed: 1]   1d02h03m28s     2.6.12-1+deb12u4
# workers
6736            worker          1               0d00h00m02s     2.6.12-1+deb12u4
# old workers
6557            worker          2               0d00h00m26s     2.6.12-1+deb12u4
6500            worker          3               0d00h00m30s     2.6.12-1+deb12u4
# programs

`;
    const table = parseProcesses(text);
    expect(table.master).toEqual({ pid: 6_554, reloads: 2, uptimeSeconds: 93_808, version: '2.6.12-1+deb12u4' });
    expect(table.failedReloads).toBe(1);
    expect(table.worker?.pid).toBe(6_736);
    expect(table.oldWorkers.map(({ pid }) => pid)).toEqual([6_557, 6_500]);
  });

  test('without a worker yet, and without a count of failures', () => {
    const table = parseProcesses(`${header}\n10 master 0 0d00h00m00s 3.2.26\n# workers\n# programs\n`);
    expect(table).toMatchObject({ failedReloads: 0, worker: undefined, oldWorkers: [] });
  });

  test('of something else', () => {
    expect(() => parseProcesses('Unknown command')).toThrow(expect.objectContaining({ code: 'SINK_RELOAD_FAILED' }));
  });
});

describe('the process info', () => {
  /** Of HAProxy 2.6.12, shortened. */
  const info =
    'Name: HAProxy\nVersion: 2.6.12-1+deb12u4\nPid: 6736\nUptime: 0d 0h00m05s\nUptime_sec: 5\nMaxconn: 9979\nCurrConns: 0\nCumReq: 2\nnode: vm\ndescription: abc: 123\nStopping: 0\nListeners: 3\n';

  test('has numbers as numbers and the description whole', () => {
    expect(parseProcessInfo(info)).toMatchObject({
      pid: 6_736,
      version: '2.6.12-1+deb12u4',
      stopping: false,
      description: 'abc: 123',
      uptimeSeconds: 5,
      currentConnections: 0,
      maxConnections: 9_979,
      cumulativeRequests: 2,
      listeners: 3,
    });
    expect(parseProcessInfo(info.replace('Stopping: 0', 'Stopping: 1')).stopping).toBe(true);
    expect(parseProcessInfo(info.replace(/description.*\n/, '')).description).toBeUndefined();
  });

  test('is refused when a field is missing', () => {
    for (const field of ['Version', 'Pid', 'Stopping']) {
      const text = info.replace(new RegExp(`^${field}: .*\n`, 'm'), '');
      expect(() => parseProcessInfo(text)).toThrow(expect.objectContaining({ code: 'SINK_APPLY_FAILED' }));
    }
  });
});

describe('versions', () => {
  test.each([
    ['2.6.12-1+deb12u4', 2, 6],
    ['HAProxy version 3.0.11-1+deb13u1 2026/01/01', 3, 0],
    ['3.5-dev1', 3, 5],
  ])('%s', (text, major, minor) => expect(parseVersion(text)).toEqual({ major, minor }));

  test.each(['', '2.4.22', '1.8', 'nonsense'])('%j is not supported', (text) =>
    expect(() => parseVersion(text)).toThrow(expect.objectContaining({ code: 'SINK_REFUSED' })),
  );

  test('tell whether servers may be deleted', () => {
    const versions = ['2.6.12', '2.9.1', '3.0.11', '3.4.7'];
    expect(versions.map((version) => capabilitiesOf(version).deleteServer)).toEqual([false, false, true, true]);
  });
});

describe('the help of a process', () => {
  const commands =
    '  add map [@<ver>] <map> <key> <val>      : add a map entry\n  help [<command>] : list matching or all';
  const help = (line: string): string => `The following commands are valid at this level:\n${line}${commands}\n`;
  test('tells whether backends can be added: 3.4.7 does, 3.2.26 not', () => {
    expect(addsBackends(help('  add backend <backend>                   : add a new backend\n'))).toBe(true);
    expect(addsBackends(help(''))).toBe(false);
    expect(addsBackends("Unknown command: 'help', but maybe add backend is meant")).toBe(false);
  });
});

describe('the value of a key', () => {
  /** Of HAProxy 2.6.12, 3.0.11 and 3.2.26. */
  const found = (key: string): string =>
    `type=beg, case=sensitive, found=yes, idx=tree, key="${key}", value="a_1:2", type="str"`;
  const missing = 'type=str, case=sensitive, found=no';

  test('is that of exactly this key, not of a prefix of it', () => {
    expect(parseMapValue(found('a.test/shop/'), 'a.test/shop/')).toBe('a_1:2');
    expect(parseMapValue(found('a.test/'), 'a.test/shop/')).toBeUndefined();
    expect(parseMapValue(missing, 'a.test/')).toBeUndefined();
  });

  test('is found by any of the match methods that the map is used with', () => {
    expect(parseMapValue(`${missing}\n${found('a')}`, 'a')).toBe('a_1:2');
    expect(parseMapValue(`${found('')}\n${found('a')}`, 'a')).toBe('a_1:2');
  });

  test('is not to be had when the map is not there', () => {
    expect(() => parseMapValue('Unknown map identifier. Please use #<id> or <file>.', 'a')).toThrow(/Unknown map/);
  });
});
