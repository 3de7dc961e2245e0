/** One case of a contract: resolves when the plugin keeps it, rejects with what is wrong. */
export type ContractCase<Harness> = (harness: Harness) => Promise<void>;

/** All cases of a contract by their names. */
export type Contract<Harness> = Readonly<Record<string, ContractCase<Harness>>>;

/** A case that a plugin cannot keep, with the reason why. It fails the run as soon as the case would pass. */
export interface Waiver<Test extends string = string> {
  readonly test: Test;
  /** One sentence, shown with the skipped test. */
  readonly reason: string;
}
