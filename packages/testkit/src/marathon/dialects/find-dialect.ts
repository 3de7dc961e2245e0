import { dialect as dialectOf0_8 } from './0.8/dialect.ts';
import { dialect as dialectOf0_9 } from './0.9/dialect.ts';
import { dialect as dialectOf0_11 } from './0.11/dialect.ts';
import { dialect as dialectOf1_1 } from './1.1/dialect.ts';
import { dialect as dialectOf1_1_0 } from './1.1.0/dialect.ts';
import { dialect as dialectOf1_4 } from './1.4/dialect.ts';
import { dialect as dialectOf1_5 } from './1.5/dialect.ts';
import { dialect as dialectOf1_10 } from './1.10/dialect.ts';
import type { Dialect } from './dialect.ts';
import type { DialectName } from './dialect-name.ts';

const dialects: Readonly<Record<DialectName, Dialect>> = {
  '0.8': dialectOf0_8,
  '0.9': dialectOf0_9,
  '0.11': dialectOf0_11,
  '1.1.0': dialectOf1_1_0,
  '1.1': dialectOf1_1,
  '1.4': dialectOf1_4,
  '1.5': dialectOf1_5,
  '1.10': dialectOf1_10,
};

export function findDialect(name: DialectName): Dialect {
  return dialects[name];
}
