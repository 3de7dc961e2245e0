import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from '../testing/fake-host.ts';
import { configText, createPipelineFolder } from '../testing/pipeline-folder.ts';
import { pluginModule } from '../testing/workspace.ts';

const transforms = `transforms:
  - { type: filter, options: { drop: { name: /mail } } }
  - type: route
    options:
      rules:
        - { match: /cart, hostnames: ["*.example"], path: /cart, headers: [{ name: x-canary, value: "yes" }] }
        - { match: /cart, hostnames: [shop.example] }
`;

/** A sink that counts, warns, and fails where it is told to. */
const tellingSink = pluginModule({
  kind: 'sink',
  options: 'z.strictObject({ fail: z.boolean().optional() })',
  create: `
    return {
      async plan(catalog) {
        if (options.fail) throw new Error('no such socket');
        const services = [...catalog.services.keys()];
        const changes = services.map((id) => ({ action: 'runtime', target: 'backend of ' + id, summary: 'server added', services: [id] }));
        return { changes, warnings: services.map((service) => ({ service, message: 'retries are not known here' })), async apply() { throw new Error('applied'); } };
      },
      async statistics(catalog) {
        const endpoints = new Map([['a', { state: 'up', currentSessions: 2, totalRequests: 17 }]]);
        return { services: new Map([...catalog.services.keys()].map((id) => [id, { endpoints }])) };
      },
    };`,
});

const config = `${configText.replace(/sinks:.*/s, '')}${transforms}sinks:
  edge: { type: ./telling.js }
`;

function folderWith(files: Readonly<Record<string, string>> = {}): string {
  return createPipelineFolder({ 'signalbox.yaml': config, 'telling.js': tellingSink, ...files });
}

const explain = (folder: string, what: string, columns?: number) =>
  runCommand(folder, `explain ${what}`, { FOLDER: folder, NO_COLOR: '1' }, columns);

/** Ages differ from run to run. */
const steady = (text: string) => text.replace(/answered \S+ ago/, 'answered 0 ago');

test('a service is shown from its source through every step to the sinks, on 80 columns', async () => {
  const { code, out, talk } = await explain(folderWith(), '/cart', 80);
  expect({ code, talk }).toEqual({ code: 0, talk: '' });
  expect(steady(out)).toMatchInlineSnapshot(`
    "files:/cart#0
      sources.files  ./source.js, fresh, answered 0 ago
        name /cart, http, service port 10001
        endpoint 127.0.0.1:31001 healthy
          a
        endpoint 127.0.0.1:31002 unknown, draining
          b
      transforms[0]  filter, leaves it as it is
      transforms[1]  route, changes it
        rule 1 (/cart) adds the route *.example/cart
        rule 2 (/cart) adds the route shop.example
        + routes[1] { "hostnames": [ "*.example" ], "headers": [ { "name":
          "x-canary", "value": "yes" } ], "path": { "type": "prefix", "value":
          "/cart" } }
        + routes[2] { "hostnames": [ "shop.example" ] }
      catalog  1 of 2 endpoints may take traffic, 3 routes
      sinks.edge  ./telling.js, 1 change to make
        would change at runtime backend of files:/cart#0: server added
        warning retries are not known here
        127.0.0.1:31001 up, 2 sessions, 17 requests so far
        127.0.0.1:31002 the target does not know it
    "
  `);
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('an endpoint of which nothing else is known has no empty line', async () => {
  const bare = { id: '127.0.0.1:31009', address: '127.0.0.1', port: 31_009, health: 'unknown' };
  const services = [{ id: 'files:/cart#0', name: '/cart', protocol: 'tcp', labels: {}, endpoints: [bare] }];
  const { out } = await explain(folderWith({ 'services.json': JSON.stringify(services) }), '/cart');
  expect(out).toContain('endpoint 127.0.0.1:31009 unknown\n  transforms[0]');
});

test('what a transform takes out is found, with the step that took it out', async () => {
  const { out } = await explain(folderWith(), '/ma*');
  expect(out).toContain('transforms[0]  filter, takes the service out\n');
  expect(out).toContain('transforms[1]  route, the service does not get here\n');
  expect(out).toContain('catalog  the service is not in it\n');
  expect(out).toContain('sinks.edge  ./telling.js, does not get this service\n');
});

test('an endpoint is found by its id and by its address, a service by its port and its id', async () => {
  const folder = folderWith();
  for (const what of ['a', '127.0.0.1:31001']) {
    const { out } = await explain(folder, what);
    expect(out).toContain('endpoint 127.0.0.1:31001 healthy');
    expect(out).toContain('and 1 other endpoint');
    expect(out).not.toContain('31002');
  }
  for (const what of ['10001', ':10001', 'files:/cart#0']) {
    expect((await explain(folder, what)).out).toContain('127.0.0.1:31002 unknown, draining');
  }
});

test('a URL is led through the routes by precedence', async () => {
  const folder = folderWith();
  const plain = await explain(folder, 'http://shop.example/cart/7?x=1');
  expect(plain.code).toBe(0);
  expect(plain.out.slice(0, plain.out.indexOf('\n\n'))).toMatchInlineSnapshot(`
    "GET http://shop.example/cart/7?x=1
      sinks.edge: goes to files:/cart#0
        > files:/cart#0
            routes[0], host shop.example, prefix path /cart
          files:/cart#0
            routes[2], host shop.example, any path
            comes later: its path is less specific
          files:/cart#0
            routes[1], host *.example, prefix path /cart, header x-canary: yes
            not this request: header x-canary is "yes""
  `);
  const canary = await runCommand(folder, 'explain eu.example/cart --header x-canary:yes', { FOLDER: folder });
  expect(canary.out).toMatch(
    /> files:\/cart#0\n +routes\[1\], host \*\.example, prefix path \/cart, header x-canary: yes\n/,
  );
  const without = await explain(folder, 'eu.example/cart');
  expect(without).toMatchObject({
    code: 1,
    talk: expect.stringContaining('error: no route takes GET eu.example/cart'),
  });
  expect(without.out).toContain('not this request: header x-canary is "yes"');
  expect((await explain(folder, 'shop.exmple')).talk).toContain('hint: did you mean shop.example');
});

test('--json holds the same for machines, without hashes of passwords', async () => {
  const users = config.replace(
    'hostnames: [shop.example] }',
    "hostnames: [shop.example], auth: { users: ['ann:$6$salt$hash'] } }",
  );
  const folder = folderWith({ 'signalbox.yaml': users });
  const { out } = await explain(folder, 'shop.example/cart --json');
  expect(out).not.toContain('salt');
  const { request, services } = JSON.parse(out);
  expect(request.sinks[0].candidates[0]).toMatchObject({ service: 'files:/cart#0', takesRequest: true });
  expect(services).toMatchObject([
    {
      id: 'files:/cart#0',
      isInCatalog: true,
      source: { id: 'files', type: './source.js', health: 'fresh', isNamed: true, service: { name: '/cart' } },
      steps: [
        { point: 'transforms[0]', type: 'filter', outcome: 'unchanged' },
        { point: 'transforms[1]', type: 'route', outcome: 'changed' },
      ],
      sinks: [{ id: 'edge', statistics: { endpoints: { a: { state: 'up' } } } }],
    },
  ]);
});

test('what nobody knows ends with 1, and with what was probably meant', async () => {
  const folder = folderWith();
  expect(await explain(folder, '/crat')).toEqual({
    code: 1,
    out: '',
    talk: 'error: nothing is called "/crat": no service, endpoint or port\n  hint: did you mean /cart?\n',
  });
  // Too great for a port, and no host either.
  expect((await explain(folder, '100010')).talk).toContain('error: nothing is called "100010"');
  expect((await explain(folder, 'zzz')).talk).toContain('hint: "signalbox catalog" shows what there is');
  expect(JSON.parse((await explain(folder, '/crat --json')).out)).toEqual({ services: [], meant: ['/cart'] });
  expect((await explain(folder, '')).code).toBe(64);
  expect((await explain(folder, 'x --header nonsense')).talk).toContain('--header expects "name: value"');
});

test('a sink that cannot plan is told of, and holds up nothing else', async () => {
  const folder = folderWith({
    'signalbox.yaml': `${config}  broken: { type: ./telling.js, options: { fail: true }, transforms: [{ type: filter, options: { drop: { name: /x } } }] }\n`,
  });
  const { code, out } = await explain(folder, '/cart');
  expect(code).toBe(0);
  expect(out).toContain('sinks.broken.transforms[0]  filter, leaves it as it is\n');
  expect(out).toContain('sinks.broken  ./telling.js\n    error no such socket (PLUGIN_FAILED)\n');
});

test('when the source does not answer, its last good set is explained; what guards hold back is said', async () => {
  const folder = createPipelineFolder();
  const services = join(folder, 'services.json');
  const text = readFileSync(services, 'utf8');
  await runCommand(folder, 'apply', { FOLDER: folder });
  rmSync(services);
  const absent = await explain(folder, '/cart');
  expect(absent.code).toBe(0);
  expect(absent.out).toMatch(/stale, answered \S+ ago, in an earlier run: its\s+last good set counts\n/);
  expect(absent.out).toContain('error ENOENT');
  expect(absent.out).toContain('endpoint 127.0.0.1:31001 healthy');
  expect(absent.out).not.toContain('does not name this service now');
  expect(absent.out).toContain('sinks.names  ./sink.js, in step');

  writeFileSync(services, '[]');
  const empty = await explain(folder, '/cart');
  expect(empty.out).toContain('does not name this service now');
  expect(empty.out).toContain('held by onEmpty: the source had 2 services and now names none;');
  expect(empty.out).toContain('guards  adds the service');
  writeFileSync(services, text);
  expect((await explain(folder, '/cart')).out).not.toContain('guards');
});
