import { describeTlsRoutes } from '@signalbox/testkit/proxy';
import { modes } from './support/bench.ts';
import { createStage } from './support/stage.ts';

for (const mode of modes) describeTlsRoutes(`nginx, mode ${mode}`, createStage(mode));
