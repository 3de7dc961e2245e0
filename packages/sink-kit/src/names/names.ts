import { hash } from 'node:crypto';

const base32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** `a_<slug>_<8 hex digits>`. The digits decide, the slug is for people; both come from the service's id, which never changes. */
export function nameService(serviceId: string): string {
  const slug = serviceId
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40)
    .replace(/-$/, '');
  const digits = hash('sha256', serviceId, 'hex').slice(0, 8);
  return `a_${slug === '' ? 'service' : slug}_${digits}`;
}

/** `e_<16 base32 characters>` of address, port and endpoint: what moved has another name. */
export function nameEndpoint(address: string, port: number, endpointId: string): string {
  // As text: making a Buffer of the digest costs three times as much as the digest itself.
  const digits = hash('sha256', `${address}\0${port}\0${endpointId}`, 'hex');
  for (let index = 0; index < 16; index += 1) {
    const byte = 16 * digitAt(digits, 2 * index) + digitAt(digits, 2 * index + 1);
    name[index + 2] = base32.charCodeAt(byte & 31);
  }
  // One string of one piece: those that grow letter by letter stay trees of letters, which are joined wherever they are compared.
  return name.toString('latin1');
}

/** Filled anew for each name. */
const name = Buffer.alloc(18, 'e_');

function digitAt(digits: string, index: number): number {
  const code = digits.charCodeAt(index);
  return code <= nine ? code - zero : code - tenAsLetter;
}

const [zero, nine, tenAsLetter] = [0x30, 0x39, 0x61 - 10];
