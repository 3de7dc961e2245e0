import { nameEndpoint, nameService } from '@signalbox/sink-kit';

export const backendName: typeof nameService = nameService;

/**
 * A server never changes its address: HAProxy goes on sending requests to the old one over pooled connections after `set server addr` (seen on
 * 2.6 and 3.2), and its state file restores ports but not addresses (haproxy#2103).
 */
export const serverName: typeof nameEndpoint = nameEndpoint;
