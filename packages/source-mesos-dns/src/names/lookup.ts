import type { ServiceTarget } from '../records/record-table.ts';

/** How single names are asked for, over HTTP or by DNS. All names are without a dot at the end. */
export interface Lookup {
  /** None when there is no such name. */
  services(name: string): Promise<readonly ServiceTarget[]>;
  addresses(name: string): Promise<readonly string[]>;
}
