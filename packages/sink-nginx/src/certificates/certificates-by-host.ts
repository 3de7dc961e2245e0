import { type Certificate, findDefaultCertificate } from '@signalbox/sink-kit';
import type { ShownCertificates } from '../desired/model.ts';

const shownBy = new WeakMap<ReadonlyMap<string, Certificate>, ShownCertificates>();

/** The same object as long as `byName` is. The name of the default has to be the same each time. */
export function showCertificates(
  byName: ReadonlyMap<string, Certificate>,
  defaultName: string | undefined,
): ShownCertificates {
  const shown = shownBy.get(byName) ?? { byName, byHost: certificatesByHost(byName, defaultName) };
  shownBy.set(byName, shown);
  return shown;
}

/** For clients that name no host, or one that nobody knows. */
export const anyHost = '*';

/**
 * What is shown to clients by the host that they ask for: a name, `*.` and a suffix for one label more, or {@link anyHost}. Of each kind of key the
 * first certificate by name, so that a client gets the one that it can use.
 */
export function certificatesByHost(
  certificates: ReadonlyMap<string, Certificate>,
  defaultName: string | undefined,
): ReadonlyMap<string, readonly Certificate[]> {
  const byHost = new Map<string, Certificate[]>();
  for (const certificate of certificates.values()) {
    for (const hostname of certificate.hostnames) {
      const shown = byHost.get(hostname);
      if (shown === undefined) byHost.set(hostname, [certificate]);
      else if (!shown.some(({ keyType }) => keyType === certificate.keyType)) shown.push(certificate);
    }
  }
  const byDefault = findDefaultCertificate(certificates, defaultName);
  if (byDefault !== undefined) byHost.set(anyHost, [byDefault]);
  return new Map([...byHost].sort(([left], [right]) => (left < right ? -1 : 1)));
}
