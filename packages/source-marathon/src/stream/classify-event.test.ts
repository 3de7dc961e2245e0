import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../mapping/read-fields.ts';
import { classifyEvent, type EventMeaning, usefulEventTypes } from './classify-event.ts';

/** Per Marathon version and event type, bodies as that version sends them. */
const catalogue = JSON.parse(
  readFileSync(new URL('../fixtures/events-catalogue.json', import.meta.url), 'utf8'),
) as Record<string, Record<string, JsonObject[]>>;

function classify(type: string, data: JsonObject): EventMeaning {
  return classifyEvent({ type, timestamp: '', data });
}

const bodies = Object.entries(catalogue).flatMap(([version, types]) =>
  Object.entries(types).flatMap(([type, list]) =>
    (Array.isArray(list) ? list : [list]).map((data, index) => ({ version, type, index, data })),
  ),
);
const isUsed = (meaning: EventMeaning): boolean => meaning.everything || meaning.specs.length > 0;

describe('every event that Marathon sends', () => {
  it.each(bodies)('$version $type $index', ({ type, data }) => {
    const meaning = classify(type, data);
    const marker = type === 'event_stream_attached';
    if (!usefulEventTypes.includes(type) || marker) expect(isUsed(meaning)).toBe(false);
    else expect(isUsed(meaning)).toBe(true);
  });

  it('is among the samples, for each type that the filter asks for, but for three', () => {
    const seen = new Set(bodies.map(({ type }) => type));
    expect(usefulEventTypes.filter((type) => !seen.has(type))).toEqual([
      'pod_created_event',
      'deployment_step_failure',
      'scheduler_registered_event',
    ]);
  });
});

describe('what an event means', () => {
  it('a status names its task', () => {
    const data = { appId: '/a', taskId: 'a.1', taskStatus: 'TASK_LOST' };
    expect(classify('status_update_event', data)).toMatchObject({
      specs: ['/a'],
      task: { id: 'a.1', specId: '/a', state: 'TASK_LOST' },
    });
  });

  it.each([
    ['of today', { plan: { steps: [{ actions: [{ action: 'StopApplication', app: '/a' }] }] } }],
    ['up to 1.1.1', { plan: { steps: [{ actions: [{ type: 'StopApplication', app: '/a' }] }] } }],
    ['of the documentation', { plan: { steps: [{ action: 'StopApplication', app: '/a' }] } }],
    ['of 0.x', { plan: { steps: [[{ action: 'StopApplication', app: '/a' }]] } }],
  ])('a deployment %s states which apps it stops', (_name, data) => {
    expect(classify('deployment_success', data)).toMatchObject({ specs: ['/a'], deleted: ['/a'], everything: false });
  });

  it.each([
    ['pod_updated_event', '/v2/pods/pods/overlay', { specs: ['/pods/overlay'], deleted: [], everything: false }],
    ['pod_deleted_event', '/service/marathon/v2/pods/a?force=true', { specs: ['/a'], deleted: ['/a'] }],
    ['pod_created_event', '/v2/pods', { specs: [], everything: true }],
  ])('%s of %s', (type, uri, meaning) => {
    expect(classify(type, { uri })).toMatchObject({ ...meaning, written: true });
  });

  it('a deployment without plan, of 0.8, means everything', () => {
    expect(classify('deployment_success', { id: 'd' }).everything).toBe(true);
  });

  it('unknown and broken events mean nothing', () => {
    for (const data of [{}, { appId: 3 }, { appId: 'web' }]) {
      expect(isUsed(classify('status_update_event', data))).toBe(false);
      expect(isUsed(classify('event_of_tomorrow', { appId: '/a', ...data }))).toBe(false);
    }
  });
});
