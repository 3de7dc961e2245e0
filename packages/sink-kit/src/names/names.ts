import { createHash } from 'node:crypto';

const base32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** `a_<slug>_<8 hex digits>`. The digits decide, the slug is for people; both come from the service's id, which never changes. */
export function nameService(serviceId: string): string {
  const slug = serviceId
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40)
    .replace(/-$/, '');
  const digits = createHash('sha256').update(serviceId).digest('hex').slice(0, 8);
  return `a_${slug === '' ? 'service' : slug}_${digits}`;
}

/** `e_<16 base32 characters>` of address, port and endpoint: what moved has another name. */
export function nameEndpoint(address: string, port: number, endpointId: string): string {
  const digest = createHash('sha256').update(`${address}\0${port}\0${endpointId}`).digest();
  let name = 'e_';
  for (let index = 0; index < 16; index += 1) name += base32[(digest[index] ?? 0) & 31];
  return name;
}
