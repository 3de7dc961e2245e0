import { createPrivateKey, X509Certificate } from 'node:crypto';
import { messageOf, SourceError } from '@signalbox/core';

/** What identifies and verifies, as PEM, each with the option that it was given by, for messages. */
export interface CertificateTexts {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly nameOf: (name: 'ca' | 'cert' | 'key') => string;
}

/**
 * OpenSSL passes over an authority that it cannot read and says later that nobody is trusted; and it tells of a bad key without a word
 * about whose it is.
 *
 * @throws {SourceError} `SOURCE_UNREACHABLE`, naming the option.
 */
export function checkCertificates({ ca, cert, key, nameOf }: CertificateTexts): void {
  if (ca !== undefined) readCertificates(ca, nameOf('ca'));
  if (cert === undefined || key === undefined) return;
  const [own] = readCertificates(cert, nameOf('cert'));
  if (!fits(own, key, nameOf('key'))) {
    throw bad(
      `the options "${nameOf('cert')}" and "${nameOf('key')}" do not belong together`,
      'give the key of this certificate',
    );
  }
}

const certificateForm =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

function readCertificates(text: string, option: string): readonly [X509Certificate, ...X509Certificate[]] {
  const [first, ...others] = (text.match(certificateForm) ?? []).map((one) => parse(one, option));
  if (first !== undefined) return [first, ...others];
  throw bad(`the option "${option}" holds no certificate`, 'give certificates in PEM: -----BEGIN CERTIFICATE-----');
}

function parse(text: string, option: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (error) {
    throw bad(
      `the option "${option}" holds a broken certificate: ${messageOf(error)}`,
      'check that it is whole',
      error,
    );
  }
}

function fits(certificate: X509Certificate, text: string, option: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(text));
  } catch {
    // What was thrown may show what it could not read.
    throw bad(`the option "${option}" holds no private key that can be read`, 'give it in PEM, without a passphrase');
  }
}

function bad(message: string, hint: string, cause?: unknown): SourceError {
  return new SourceError(message, { code: 'SOURCE_UNREACHABLE', hint, ...(cause !== undefined && { cause }) });
}
