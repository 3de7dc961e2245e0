import type { ChangeRequest } from '../cluster/store-version.ts';
import type { RestRequest } from './answer.ts';

/** What a request says of itself in the events that tell of it. */
export function toChange(request: RestRequest): ChangeRequest {
  return { clientIp: request.clientIp, uri: request.path, force: request.query.get('force') === 'true' };
}
