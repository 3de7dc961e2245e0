import { expect, it } from 'vitest';
import { assertListenersDiffer, settleTarget } from './target-settings.ts';

it('puts the run directory beside the configuration, and fills in what happens at the end', () => {
  expect(settleTarget('proxy', { config: '/etc/proxy/proxy.conf', manage: true })).toEqual({
    configPath: '/etc/proxy/proxy.conf',
    runDirectory: '/etc/proxy/signalbox',
    manage: { onExit: 'keep' },
  });
  expect(
    settleTarget('proxy', { config: '/etc/proxy.conf', runDirectory: '/run/proxy', manage: { onExit: 'stop' } }),
  ).toEqual({ configPath: '/etc/proxy.conf', runDirectory: '/run/proxy', manage: { onExit: 'stop' } });
  expect(settleTarget('proxy', { config: '/etc/proxy.conf', manage: false }).manage).toBeUndefined();
});

it('refuses a run directory that would have to be quoted', () => {
  expect(() => settleTarget('proxy', { config: '/etc/my proxy/proxy.conf', manage: false })).toThrow(
    'the run directory "/etc/my proxy/signalbox" has characters that proxy may misread',
  );
});

it('refuses two listeners on one address and port', () => {
  const first = { address: '127.0.0.1', port: 80 };
  expect(() => assertListenersDiffer([first, { ...first, port: 81 }, { ...first, address: '*' }])).not.toThrow();
  expect(() => assertListenersDiffer([first, { ...first }])).toThrow('two listeners share 127.0.0.1 port 80');
});
