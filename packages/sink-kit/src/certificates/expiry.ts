import type { Certificate } from './certificate.ts';

const dayMs = 86_400_000;

/** One line for each certificate in force that ended or is about to. The text changes with the certificate alone, not with the hour. */
export function describeExpiries(certificates: Iterable<Certificate>, days: number, nowMs: number): readonly string[] {
  const lines: string[] = [];
  for (const { name, notAfterMs } of certificates) {
    if (notAfterMs <= nowMs) {
      lines.push(
        `the certificate ${name} expired on ${formatDay(notAfterMs)} and is still in force: clients refuse it`,
      );
    } else if (notAfterMs <= nowMs + days * dayMs) {
      lines.push(`the certificate ${name} expires on ${formatDay(notAfterMs)}, in less than ${days} days`);
    }
  }
  return lines;
}

/** In UTC. */
export function formatDay(timeMs: number): string {
  return Number.isFinite(timeMs) ? new Date(timeMs).toISOString().slice(0, 10) : 'a day that cannot be told';
}
