/** A certificate with its chain and key, as it is offered to clients. */
export interface Certificate {
  /** Of its file or folder, e.g. `shop.example.com`; unique in the folder of certificates. */
  readonly name: string;
  /** Path of the file that it was read from. */
  readonly source: string;
  /** The names that it is for, in lower case; at least one unless it has only addresses or unusable names. */
  readonly hostnames: readonly string[];
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** What its key is for, in Node's words, e.g. `rsa` or `ec`: a proxy shows one of each kind for a name. */
  readonly keyType: string;
  /** SHA-1 in upper-case hexadecimal. */
  readonly fingerprint: string;
  /** sha256 of key and chain, to tell two versions apart. */
  readonly contentHash: string;
  /**
   * Key, certificate and chain, written anew from what was parsed, so that nothing else of the file gets through. A function, so that nothing
   * that prints or compares a certificate meets the key.
   */
  readonly readPem: () => string;
}

/** Why a certificate was left out; for people, and without a word of the file's content. */
export interface CertificateProblem {
  readonly source: string;
  readonly problem: string;
}

/** The names of certificates become names of files, words of commands and lines of lists. */
export function isCertificateName(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/.test(text);
}
