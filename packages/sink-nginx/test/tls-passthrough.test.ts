import { describePassthrough } from '@signalbox/testkit/proxy';
import { modes } from './support/bench.ts';
import { createStage } from './support/stage.ts';

for (const mode of modes) describePassthrough(`nginx, mode ${mode}`, createStage(mode));
