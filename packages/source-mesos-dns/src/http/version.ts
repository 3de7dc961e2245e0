import { SourceError } from '@signalbox/core';
import { isObject } from '../records/shape-error.ts';
import { type ApiOptions, getPath } from './api.ts';

/** @throws {SourceError} `SOURCE_NOT_FOUND` when something else answers. */
export async function checkVersion(api: ApiOptions): Promise<void> {
  const answer = await getPath('/v1/version', (value) => isObject(value) && value.Service === 'Mesos-DNS', api);
  if (answer?.value === true) return;
  const { url } = api.server;
  throw new SourceError(`reading ${url}/v1/version: the answer is not that of a Mesos-DNS`, {
    code: 'SOURCE_NOT_FOUND',
    url,
    hint: 'check host, port and path: the HTTP API of Mesos-DNS has port 8123 unless "httpPort" says otherwise',
  });
}
