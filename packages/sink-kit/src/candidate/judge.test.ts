import { SinkError } from '@signalbox/core';
import { expect, it } from 'vitest';
import { createJudge } from './judge.ts';

const { signal } = new AbortController();

/** A judge over lists of words, whose proxy refuses some of them. Counts its checks. */
function createScene(refused: Set<string>) {
  const scene = { checks: 0 };
  const judge = createJudge<readonly string[], string>({
    async check(words) {
      scene.checks += 1;
      const word = words.find((each) => refused.has(each));
      if (word === 'broken disk') throw new SinkError('no room', { code: 'SINK_APPLY_FAILED' });
      return word === undefined ? undefined : new SinkError(`no such ${word}`, { code: 'SINK_CHECK_FAILED' });
    },
    itemsOf: (words) => words.filter((word) => word !== 'base'),
    keep: (words, items) => words.filter((word) => word === 'base' || items.includes(word)),
    explain: ({ message }) => message.toUpperCase(),
  });
  const ask = (words: readonly string[], again = false) =>
    judge.judge({ candidate: words, hash: words.join(' '), again }, signal);
  return { ask, scene };
}

it('names the guilty items in the words of the proxy', async () => {
  const { ask } = createScene(new Set(['b', 'd']));
  expect(await ask(['base', 'a', 'b', 'c', 'd'])).toEqual({
    kind: 'guilty',
    items: new Map([
      ['b', 'NO SUCH B'],
      ['d', 'NO SUCH D'],
    ]),
  });
});

it('blames nobody when it is refused without any item, or cannot be checked', async () => {
  expect(await createScene(new Set(['base'])).ask(['base', 'a'])).toMatchObject({ kind: 'refused' });
  expect(await createScene(new Set(['broken disk'])).ask(['broken disk'])).toMatchObject({
    kind: 'refused',
    error: { code: 'SINK_APPLY_FAILED' },
  });
});

it('asks once for each candidate, and again only for what was not good', async () => {
  const refused = new Set(['base']);
  const { ask, scene } = createScene(refused);
  await ask(['a']);
  await ask(['a'], true);
  expect(scene.checks).toBe(1);
  await ask(['base']);
  const before = scene.checks;
  await ask(['base']);
  expect(scene.checks).toBe(before);
  refused.clear();
  expect(await ask(['base'], true)).toEqual({ kind: 'good' });
});
