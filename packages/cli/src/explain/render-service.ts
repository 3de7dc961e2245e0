import { type Endpoint, type EndpointStatistics, formatAddress, type Service } from '@signalbox/core';
import { roundedDuration } from '../config/durations.ts';
import { count } from '../output/text.ts';
import type { ServiceExplanation, SinkView, SourceView, StepView } from './explanation.ts';
import type { Page } from './page.ts';

/** From the source, through every step, to the targets. `endpoints`: only these, when there are any. */
export function renderService(explanation: ServiceExplanation, endpoints: ReadonlySet<string>, page: Page): void {
  const { id, service, source, steps, isInCatalog, sinks } = explanation;
  page.head(0, id, '');
  renderSource(source, endpoints, page);
  for (const step of steps) renderStep(step, page);
  if (isInCatalog) page.head(1, 'catalog', describeTraffic(service));
  else page.head(1, 'catalog', 'the service is not in it');
  for (const sink of sinks) renderSink(sink, service, endpoints, page);
}

function renderSource(source: SourceView, endpoints: ReadonlySet<string>, page: Page): void {
  const { colors } = page;
  const { id, type, health, ageMs, isRestored, error, isNamed, service, holds, warnings } = source;
  const age = ageMs === undefined ? 'has not answered' : `answered ${roundedDuration(ageMs)} ago`;
  const origin = isRestored ? ', in an earlier run: its last good set counts' : '';
  page.head(1, `sources.${id}`, `${type}, ${health}, ${age}${origin}`);
  if (error !== undefined) page.add(2, `error ${error.message} (${error.code})`, colors.red);
  for (const { message } of warnings) page.add(2, `warning ${message}`, colors.yellow);
  if (isNamed === false) page.add(2, 'does not name this service now', colors.yellow);
  if (service !== undefined) renderFacts(service, endpoints, page);
  for (const { rule, reason, heldEndpoints, until } of holds) {
    const end = until === undefined ? 'until it recovers or is confirmed' : `until ${new Date(until).toISOString()}`;
    page.add(2, `held by ${rule}: ${reason}; ${count(heldEndpoints, 'endpoint')} kept ${end}`, colors.yellow);
  }
}

function renderFacts(service: Service, chosen: ReadonlySet<string>, page: Page): void {
  const { name, protocol, appProtocol = protocol, port, portTls, labels, metadata = {}, endpoints } = service;
  const place = port === undefined ? '' : `, service port ${port}${portTls === undefined ? '' : ' with TLS'}`;
  page.add(2, `name ${name}, ${appProtocol}${place}`);
  for (const [key, value] of Object.entries(metadata)) page.add(2, `${key} ${value}`, page.colors.dim);
  for (const [key, value] of Object.entries(labels)) page.add(2, `label ${key}=${value}`);
  const shown = endpoints.filter(({ id }) => chosen.size === 0 || chosen.has(id));
  if (endpoints.length === 0) page.add(2, 'no endpoints');
  for (const endpoint of shown) renderEndpoint(endpoint, page);
  const hidden = endpoints.length - shown.length;
  if (hidden > 0) page.add(2, `and ${count(hidden, 'other endpoint')}`, page.colors.dim);
}

function renderEndpoint(
  { id, address, port, health, draining, weight, backup, metadata = {} }: Endpoint,
  page: Page,
): void {
  const paint = { healthy: page.colors.green, unhealthy: page.colors.red, unknown: page.colors.yellow }[health];
  const state = [
    health,
    ...(draining === true ? ['draining'] : []),
    ...(weight === undefined ? [] : [`weight ${weight}`]),
    ...(backup === true ? ['backup'] : []),
  ];
  const place = formatAddress(address, port);
  page.add(2, `endpoint ${place} ${state.join(', ')}`, paint);
  const facts = [...(id === place ? [] : [id]), ...Object.entries(metadata).map(([key, value]) => `${key} ${value}`)];
  if (facts.length > 0) page.add(3, facts.join(', '), page.colors.dim);
}

const outcomes: Readonly<Record<StepView['outcome'], string>> = {
  absent: 'the service does not get here',
  added: 'adds the service',
  removed: 'takes the service out',
  changed: 'changes it',
  unchanged: 'leaves it as it is',
};

function renderStep({ point, type, outcome, changes, notes, error }: StepView, page: Page): void {
  const { colors } = page;
  page.head(1, point, point === type ? outcomes[outcome] : `${type}, ${outcomes[outcome]}`);
  for (const note of notes) page.add(2, note);
  for (const { part, before, after } of changes) {
    if (before !== undefined) page.add(2, `- ${part} ${toSpacedJson(before)}`, colors.red);
    if (after !== undefined) page.add(2, `+ ${part} ${toSpacedJson(after)}`, colors.green);
  }
  if (error !== undefined) {
    page.add(2, `error ${error.message} (${error.code}); its last result stays in force`, colors.red);
  }
}

/** On one line, with spaces at which it may be broken. */
function toSpacedJson(value: unknown): string {
  return JSON.stringify(value, undefined, 1).replace(/\n */g, ' ');
}

function renderSink(sink: SinkView, service: Service, chosen: ReadonlySet<string>, page: Page): void {
  const { colors } = page;
  const { id, type, steps, isServed, changes, warnings, deferred, error, statistics } = sink;
  for (const step of steps) renderStep(step, page);
  const state =
    changes === undefined ? [] : [changes.length === 0 ? 'in step' : `${count(changes.length, 'change')} to make`];
  page.head(1, `sinks.${id}`, [type, ...(isServed ? state : ['does not get this service'])].join(', '));
  if (error !== undefined) page.add(2, `error ${error.message} (${error.code})`, colors.red);
  if (error?.hint !== undefined) page.add(2, `hint ${error.hint}`, colors.cyan);
  for (const { action, target, summary } of changes ?? []) {
    page.add(2, `would ${action === 'runtime' ? 'change at runtime' : action} ${target}: ${summary}`);
  }
  if (deferred !== undefined) {
    page.add(2, `has to wait ${roundedDuration(deferred.afterMs)} with a part: ${deferred.reason}`, colors.yellow);
  }
  for (const { message } of warnings) page.add(2, `warning ${message}`, colors.yellow);
  for (const endpoint of statistics === undefined ? [] : service.endpoints) {
    if (chosen.size > 0 && !chosen.has(endpoint.id)) continue;
    renderCounted(endpoint, statistics?.endpoints.get(endpoint.id), page);
  }
}

function renderCounted({ address, port }: Endpoint, counted: EndpointStatistics | undefined, page: Page): void {
  const { colors } = page;
  const place = formatAddress(address, port);
  if (counted === undefined) {
    page.add(2, `${place} the target does not know it`, colors.yellow);
    return;
  }
  const { state, lastCheck, currentSessions, totalRequests = counted.totalSessions } = counted;
  const facts = [
    state,
    ...(currentSessions === undefined ? [] : [count(currentSessions, 'session')]),
    ...(totalRequests === undefined ? [] : [`${count(totalRequests, 'request')} so far`]),
    ...(lastCheck === undefined ? [] : [`last check: ${lastCheck}`]),
  ];
  const paint = state === 'up' || state === 'unchecked' ? colors.green : colors.yellow;
  page.add(2, `${place} ${facts.join(', ')}`, paint);
}

function describeTraffic({ endpoints, routes = [] }: Service): string {
  const takes = endpoints.filter(({ health, draining, weight }) => {
    return health !== 'unhealthy' && draining !== true && weight !== 0;
  });
  const published = routes.length === 0 ? 'no routes' : count(routes.length, 'route');
  return `${takes.length} of ${count(endpoints.length, 'endpoint')} may take traffic, ${published}`;
}
