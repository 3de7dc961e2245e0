import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { backendName } from '../../src/desired/names.ts';

const { stdout } = await promisify(execFile)('haproxy', ['-v']);
const [, major = 0, minor = 0] = /version (\d+)\.(\d+)/.exec(stdout) ?? [];

/** Whether the HAProxy of these tests can be told of backends, so that nobody needs a spare: from 3.4 on. */
export const addsBackends: boolean = Number(major) * 100 + Number(minor) >= 304;

/** Where a service `mesos:/<name>#0` with default settings is that came after the last reload, as the `number`th. */
export function newPlaceOf(name: string, number: number, mode: 'http' | 'tcp' = 'http'): string {
  return addsBackends ? backendName(`mesos:/${name}#0`) : `s_${mode}_${number}`;
}
