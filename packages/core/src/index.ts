export type { ErrorCode } from './errors/codes.ts';
export { errorCodes } from './errors/codes.ts';
export type { ConfigIssue } from './errors/config-error.ts';
export { ConfigError } from './errors/config-error.ts';
export type { PipelineErrorOptions } from './errors/pipeline-error.ts';
export { isPipelineError, PipelineError } from './errors/pipeline-error.ts';
export { SinkError } from './errors/sink-error.ts';
export { SourceError } from './errors/source-error.ts';
export { messageOf, wrapPluginError } from './errors/wrap.ts';
export { delay, isAbortError, withAbort } from './helpers/abort.ts';
export { formatAddress } from './helpers/address.ts';
export type { BackoffOptions } from './helpers/backoff.ts';
export { backoffMs, retryDefaults } from './helpers/backoff.ts';
export { Cell } from './helpers/cell.ts';
export { isEqualData } from './helpers/equal.ts';
export { Handover, isHandover } from './helpers/handover.ts';
export type { RouteMatch, RouteRequest } from './helpers/match-routes.ts';
export { matchRoutes } from './helpers/match-routes.ts';
export type { WatchFoldersOptions } from './helpers/watch-folders.ts';
export { watchFolders } from './helpers/watch-folders.ts';
export type { Catalog } from './model/catalog.ts';
export type { Endpoint, Health } from './model/endpoint.ts';
export type { HealthCheck } from './model/health-check.ts';
export type {
  BasicAuth,
  HeaderEdits,
  PathMatch,
  Redirect,
  Rewrite,
  Route,
  RouteTls,
  ValueMatch,
} from './model/route.ts';
export type { PortTls, Service } from './model/service.ts';
export type { TrafficPolicy } from './model/traffic-policy.ts';
export type { PluginContext } from './plugin/context.ts';
export type {
  Plugin,
  PluginDefinition,
  PluginKind,
  SinkPlugin,
  SourcePlugin,
  TransformPlugin,
} from './plugin/define.ts';
export { apiVersion, defineSink, defineSource, defineTransform } from './plugin/define.ts';
export type { Logger } from './plugin/logger.ts';
export { silentLogger } from './plugin/logger.ts';
export type { OptionsSchema, SchemaIssue, SchemaResult } from './plugin/schema.ts';
export type { Deferral, Plan, PlannedChange, Sink, Warning } from './plugin/sink.ts';
export type {
  CertificateStatistics,
  EndpointStatistics,
  ResponseClass,
  ServiceStatistics,
  SinkStatistics,
  TrafficStatistics,
} from './plugin/sink-statistics.ts';
export type { Snapshot, Source, SourceUpdate } from './plugin/source.ts';
export type { Transform } from './plugin/transform.ts';

export type { CatalogChanges, PipelineEvent } from './runtime/events.ts';
export type { Inspection, InspectOptions } from './runtime/inspection.ts';
export { fileLastKnownGood } from './runtime/last-known-good.ts';
export type {
  GuardOptions,
  LastKnownGood,
  LastKnownGoodStore,
  PipelineOptions,
  RetryOptions,
  SettleOptions,
  SinkEntry,
  SourceEntry,
} from './runtime/options.ts';
export { createPipeline } from './runtime/pipeline.ts';
export type { Pipeline, SinkPlan, SinkReading, StatisticsOptions } from './runtime/pipeline-interface.ts';
export { settleDefaults } from './runtime/settle.ts';
export type {
  GuardHold,
  PipelineStatus,
  SinkHealth,
  SinkStatus,
  SourceHealth,
  SourceStatus,
  TransformExplanation,
  TransformStatus,
} from './runtime/status.ts';
export type { PipelineTrace, SinkTrace, SourceTrace, TracedSet } from './runtime/trace.ts';
export { compileEndpointSelector, compileSelector, portNameOf, sourceIdOf } from './selector/compile-selector.ts';
export { formatSelector } from './selector/format-selector.ts';
export { compileGlob } from './selector/glob.ts';
export { parseSelector } from './selector/parse-selector.ts';
export type {
  EndpointSelector,
  KeyedPatterns,
  OneOrMore,
  Patterns,
  Selector,
  SelectorObject,
} from './selector/selector.ts';
