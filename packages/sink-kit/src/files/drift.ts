export interface FileDrift {
  readonly path: string;
  readonly kind: 'changed' | 'missing';
}

/** Compares files with the hashes of what was written there: path to sha256 in hex. */
export declare function findDrift(written: ReadonlyMap<string, string>): Promise<readonly FileDrift[]>;
