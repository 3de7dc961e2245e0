import { expect, it } from 'vitest';
import { createSnapshotRenderer, parseSnapshot } from './snapshot.ts';

const structure = { hash: 'abc', ports: [80, 443] };

it('is the same text whatever was rendered before, and can be read again', () => {
  const render = createSnapshotRenderer();
  const states = [
    { 'u/b': '{"servers":[]}', 'h/a': '1' },
    { 'u/b': '{"servers":["é\\n"]}', 'h/a': '1' },
    { 'u/c': '2', 'h/a': '1' },
    { 'h/a': '' },
    {},
    { 'u/z': '3', 'u/y': '4', 'h/a': '5' },
  ];
  for (const state of states) {
    const entries = new Map(Object.entries(state));
    const text = render(structure, entries);
    expect(text).toBe(createSnapshotRenderer()(structure, entries));
    expect(text).toBe(createSnapshotRenderer()(structure, new Map([...entries].reverse())));
    expect(parseSnapshot(text)).toEqual({ ...structure, entries: state });
  }
});
