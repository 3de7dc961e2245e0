import type { Warning } from '@signalbox/core';
import type { Certificate } from './certificate.ts';
import type { CertificateStore } from './certificate-store.ts';
import { describeExpiries } from './expiry.ts';

export interface CertificateWishes {
  /** Name of the one for clients that name no host, or an unknown one. */
  readonly default: string | undefined;
  readonly expiryWarningDays: number;
}

/** The certificate for clients that name no host, or an unknown one: that of the name, else the first. Undefined when there is none at all. */
export function findDefaultCertificate(
  certificates: ReadonlyMap<string, Certificate>,
  name: string | undefined,
): Certificate | undefined {
  const chosen = name === undefined ? undefined : certificates.get(name);
  const [first] = certificates.values();
  return chosen ?? first;
}

/** What an operator has to know of the certificates: which were left out, a default that is not there, and those that end soon. */
export function describeCertificateWarnings(store: CertificateStore, wishes: CertificateWishes): readonly Warning[] {
  const problems = [...store.problems];
  if (wishes.default !== undefined && !store.certificates.has(wishes.default)) {
    problems.push(`there is no certificate ${wishes.default} to be the default: the first by name is`);
  }
  const expiries = describeExpiries(store.certificates.values(), wishes.expiryWarningDays, Date.now());
  return [...problems, ...expiries].map((message) => ({ message }));
}
