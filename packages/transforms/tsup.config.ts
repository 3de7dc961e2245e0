import { defineConfig } from 'tsup';
import { library } from '../../tsup.base.ts';

export default defineConfig(
  library({
    index: 'src/index.ts',
    drain: 'src/drain.ts',
    filter: 'src/filter.ts',
    merge: 'src/merge.ts',
    rename: 'src/rename.ts',
    route: 'src/route.ts',
    weight: 'src/weight.ts',
  }),
);
