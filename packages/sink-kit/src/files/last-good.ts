export interface LastGoodOptions {
  /** Created when missing. Nothing else may write here. */
  readonly directory: string;
  /** How many sets are kept. Default 3. */
  readonly keep?: number;
}

/** Copies of file sets that were validated and served, newest first. */
export interface LastGood {
  /** Copies these files as they are now. A file that does not exist is remembered as absent. Returns the id of the set. */
  save(paths: readonly string[]): Promise<string>;
  /** Ids, newest first. */
  list(): Promise<readonly string[]>;
  /** Puts a set back byte for byte, with modes; removes files that were absent. Returns the paths, or undefined when there is no set. Default: the newest. */
  restore(id?: string): Promise<readonly string[] | undefined>;
}

export declare function createLastGood(options: LastGoodOptions): LastGood;
