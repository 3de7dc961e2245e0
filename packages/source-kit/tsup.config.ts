import { defineConfig } from 'tsup';
import { library } from '../../tsup.base.ts';

export default defineConfig(
  library({
    index: 'src/index.ts',
    dns: 'src/dns/index.ts',
    documents: 'src/documents/index.ts',
    schemas: 'src/schemas.ts',
  }),
);
