export { type Answer, freePort, type Origin, type RequestOptions, request, startOrigin } from '@signalbox/testkit';
