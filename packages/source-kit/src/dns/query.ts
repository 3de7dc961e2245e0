import { isPipelineError, messageOf, SourceError } from '@signalbox/core';
import { startDeadline } from '../deadline.ts';
import { combineErrors } from '../http/failures.ts';
import { type DnsServer, formatDnsServer } from './dns-server.ts';
import { exchangeTcp } from './exchange-tcp.ts';
import { exchangeUdp } from './exchange-udp.ts';
import { GarbageError } from './garbage-error.ts';
import { createQuestion, type DnsAnswer, type DnsQuestion, type DnsType } from './message.ts';

export interface DnsQueryOptions {
  /** Asked in this order, until one answers. */
  readonly servers: readonly DnsServer[];
  readonly signal: AbortSignal;
  /** For one attempt at one server over one transport. Default 2000. */
  readonly timeoutMs?: number;
  /** How often each server is asked before all have failed: datagrams get lost. Default 2. */
  readonly attempts?: number;
  /**
   * `auto` (default): UDP, and TCP when the answer says that it is cut off. `tcp`: TCP alone, for a server that may cut
   * answers off without saying so.
   */
  readonly transport?: 'auto' | 'tcp';
}

/** An answer, with the server that gave it. */
export type ServedAnswer = DnsAnswer & { readonly server: DnsServer };

/**
 * Asks one server after the other. "No such name" is an answer (`NXDOMAIN`, or no records); `SERVFAIL`, `REFUSED` and
 * their like are not, and lead to the next server.
 *
 * @throws {SourceError} one for all servers, when none answered: `SOURCE_UNREACHABLE`, `SOURCE_TIMEOUT`, `SOURCE_BAD_RESPONSE`.
 * @throws {RangeError} for a name that no DNS message can carry.
 */
export async function queryDns(name: string, type: DnsType, options: DnsQueryOptions): Promise<ServedAnswer> {
  const { servers, signal, attempts = 2 } = options;
  const failures = new Map<DnsServer, SourceError>();
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    for (const server of servers) {
      try {
        return { ...(await ask(createQuestion(name, type), server, options)), server };
      } catch (error) {
        signal.throwIfAborted();
        if (!isPipelineError(error)) throw error;
        failures.set(server, error as SourceError);
      }
    }
  }
  throw combineErrors([...failures.values()], `no DNS server answered for ${name}`);
}

async function ask(question: DnsQuestion, server: DnsServer, options: DnsQueryOptions): Promise<DnsAnswer> {
  const { transport = 'auto' } = options;
  const first = transport === 'tcp' ? undefined : await attempt(exchangeUdp, question, server, options);
  const answer = first === undefined || first.truncated ? await attempt(exchangeTcp, question, server, options) : first;
  if (answer.truncated) throw failure(question, server, 'SOURCE_BAD_RESPONSE', 'the answer is cut off even over TCP');
  if (answer.status === 'NOERROR' || answer.status === 'NXDOMAIN') return answer;
  const code = /^(SERVFAIL|REFUSED)$/.test(answer.status) ? 'SOURCE_UNREACHABLE' : 'SOURCE_BAD_RESPONSE';
  throw failure(question, server, code, `the answer is ${answer.status}`);
}

async function attempt(
  exchange: typeof exchangeUdp,
  question: DnsQuestion,
  server: DnsServer,
  { signal, timeoutMs = 2_000 }: DnsQueryOptions,
): Promise<DnsAnswer> {
  using deadline = startDeadline(signal, timeoutMs);
  try {
    return await exchange(question, server, deadline.signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GarbageError) throw failure(question, server, 'SOURCE_BAD_RESPONSE', error.message, error);
    if (deadline.expired) throw failure(question, server, 'SOURCE_TIMEOUT', 'no answer in time', error);
    throw failure(question, server, 'SOURCE_UNREACHABLE', messageOf(error), error);
  }
}

const hints = {
  SOURCE_BAD_RESPONSE: 'check what answers at this address; it is not taken for "no records"',
  SOURCE_TIMEOUT: 'check the network, and that the port is that of a DNS server which takes UDP and TCP',
  SOURCE_UNREACHABLE: 'check that the DNS server runs, can be reached, and answers for this zone',
} as const;

function failure(
  { name, type }: DnsQuestion,
  server: DnsServer,
  code: keyof typeof hints,
  what: string,
  cause?: unknown,
): SourceError {
  const url = formatDnsServer(server);
  return new SourceError(`asking ${url} for ${type} ${name}: ${what}`, { code, url, cause, hint: hints[code] });
}
