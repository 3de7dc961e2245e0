import { defineConfig } from 'tsup';
import { library } from '../../tsup.base.ts';

export default defineConfig(
  library({
    index: 'src/index.ts',
    contracts: 'src/contracts/index.ts',
    dns: 'src/dns/index.ts',
    hostile: 'src/hostile/index.ts',
    load: 'src/load/index.ts',
    marathon: 'src/marathon/index.ts',
    'marathon-simulator': 'src/marathon/main.ts',
    'mesos-dns': 'src/mesos-dns/index.ts',
    'mesos-dns-simulator': 'src/mesos-dns/main.ts',
    proxy: 'src/proxy/index.ts',
    tls: 'src/tls/index.ts',
  }),
);
