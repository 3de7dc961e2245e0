import { describeRoutes } from '@signalbox/testkit/proxy';
import { modes } from './support/bench.ts';
import { createStage } from './support/stage.ts';

for (const mode of modes) describeRoutes(`nginx, mode ${mode}`, createStage(mode));
