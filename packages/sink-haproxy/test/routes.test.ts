import { describeRoutes } from '@signalbox/testkit/proxy';
import { stage } from './support/stage.ts';

describeRoutes('HAProxy', stage);
