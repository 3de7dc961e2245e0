import { badAnswer } from '@signalbox/source-kit';
import type { Lookup } from '../names/lookup.ts';
import { upstream } from '../reading.ts';
import { parseTarget } from '../records/parse-axfr.ts';
import { isObject, type JsonObject, ShapeError } from '../records/shape-error.ts';
import { type ApiOptions, getPath } from './api.ts';

/**
 * Single names over HTTP. Of a target with several addresses `/v1/services` gives any one, another one each time; so addresses
 * are asked for by themselves.
 */
export function httpLookup(api: ApiOptions): Lookup {
  const list = async (path: string): Promise<readonly JsonObject[]> => {
    const answer = await getPath(path, parseList, api);
    if (answer === undefined) throw badAnswer(`${api.server.url}${path}`, 'there is no such path', upstream);
    return answer.value;
  };
  return {
    async services(name) {
      const entries = await list(`/v1/services/${encodeURIComponent(name)}`);
      return entries.flatMap(({ host, port }) => (host === '' ? [] : parseTarget(`${host}:${port}`)));
    },
    async addresses(name) {
      const entries = await list(`/v1/hosts/${encodeURIComponent(name)}`);
      return entries.flatMap(({ ip }) => (typeof ip === 'string' && ip !== '' ? [ip] : []));
    },
  };
}

/** An unknown name is a list of one entry whose fields are all empty. */
function parseList(value: unknown): readonly JsonObject[] {
  if (!Array.isArray(value) || !value.every(isObject)) throw new ShapeError('it is no list of objects');
  return value;
}
