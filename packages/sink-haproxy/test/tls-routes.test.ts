import { describeTlsRoutes } from '@signalbox/testkit/proxy';
import { stage } from './support/stage.ts';

describeTlsRoutes('HAProxy', stage);
