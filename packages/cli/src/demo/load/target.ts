import type { LoadTarget, RequestRecord } from '@signalbox/testkit/load';

/** A way in which clients reach an app through the proxy. */
export interface Target extends LoadTarget {
  /** Id of the app that must answer. */
  readonly app: string;
  /** Where the request enters, for people: `port 18081`, or `host shop.example.com` on the shared listener. */
  readonly entrance: string;
}

/** What a client saw of one request. */
export type Request = RequestRecord<Target>;
