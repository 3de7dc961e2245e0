import type { Task } from '../../cluster/task.ts';
import type { Json } from './json.ts';

export function toAddresses(task: Task): Json[] {
  return task.addresses.map((ipAddress) => ({ ipAddress, protocol: ipAddress.includes(':') ? 'IPv6' : 'IPv4' }));
}
