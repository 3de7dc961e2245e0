// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of the configuration file look like this
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { runCommand } from '../testing/fake-host.ts';
import { createFolder } from '../testing/workspace.ts';

const config = `version: 1
sources:
  mesos:
    type: marathon
    options:
      urls: ["\${MARATHON:?is needed}"]
      auth: { basic: { username: signalbox, password: "\${file:/run/secrets/none}" } }
transforms:
  - type: filter
    options: { drop: { labels: { internal: true } } }
  - type: route
    options:
      rules: [{ match: /shop/*, hostnames: ["shop.\${DOMAIN}"] }]
sinks:
  edge:
    type: haproxy
    options:
      config: "/etc/haproxy/\${NAME:-haproxy}.cfg"
      listeners: [{ address: 0.0.0.0, port: 80, protocol: http }]
`;

const given = `    given:
      services:
        - id: mesos:/shop/cart#http
          port: 10001
          appProtocol: http
          labels: { team: red }
          endpoints: ["10.0.0.1:31001", { address: "2001:db8::1", port: 31002, health: unknown }]
        - { id: "mesos:/admin#0", labels: { internal: "yes" } }
`;

const head = `version: 1
environment: { DOMAIN: example.com }
scenarios:
  - name: the cart is published
${given}`;

function run(expectation: string, commandLine = 'test', files: Readonly<Record<string, string>> = {}) {
  const folder = createFolder({
    'signalbox.yaml': config,
    'signalbox.test.yaml': `${head}    expect:\n${expectation}`,
    ...files,
  });
  return runCommand(folder, commandLine);
}

async function failuresOf(expectation: string): Promise<string> {
  const { code, out } = await run(expectation);
  expect(code).toBe(1);
  expect(out).toMatch(/^FAILED {2}the cart is published\n/);
  expect(out).toMatch(/\n\n1 scenario, 1 failed\n$/);
  return out.split('\n').slice(1, -3).join('\n');
}

const passing = `      services:
        mesos:/shop/cart#http:
          name: /shop/cart
          protocol: tcp
          labels: { team: red }
          routes: [{ hostnames: [shop.example.com] }]
          endpoints: ["10.0.0.1:31001", "[2001:db8::1]:31002"]
        mesos:/admin#0: ~
      complete: true
      sinks:
        edge:
          services: { "mesos:/shop/cart#http": {} }
          files:
            haproxy.cfg:
              contains: 10.0.0.1:31001
              notContains: [/admin#0, 10.0.0.9]
              matches: '^\\s*bind 0\\.0\\.0\\.0:80\\b'
      warnings: []
`;

test('a scenario passes without secrets, without variables of the process, and without a network', async () => {
  expect(await run(passing)).toEqual({
    code: 0,
    out: 'ok  the cart is published\n\n1 scenario, all as expected\n',
    talk: '',
  });
});

test('what differs is shown with its place, and with what is there', async () => {
  const failures = await failuresOf(`      services:
        mesos:/shop/cart#http:
          port: 10002
          healthCheck: { interval: 5s }
          routes: [{ hostnames: [shop.example.org] }]
          endpoints: ["10.0.0.1:31001"]
        mesos:/shop/crat#http: {}
        mesos:/admin#0: ~
      complete: true
`);
  expect(failures).toMatchInlineSnapshot(`
    "  signalbox.test.yaml:16:11 expect.services["mesos:/shop/cart#http"].port: differs
          - 10002
          + 10001
      signalbox.test.yaml:17:11 expect.services["mesos:/shop/cart#http"].healthCheck: is not there
          - {"intervalMs":5000}
      signalbox.test.yaml:18:34 expect.services["mesos:/shop/cart#http"].routes[0].hostnames[0]: differs
          - "shop.example.org"
          + "shop.example.com"
      signalbox.test.yaml:19:11 expect.services["mesos:/shop/cart#http"].endpoints: expected 1 endpoint, there are 2
            10.0.0.1:31001
          + [2001:db8::1]:31002
      signalbox.test.yaml:20:9 expect.services["mesos:/shop/crat#http"]: is not there; did you mean "mesos:/shop/cart#http"?"
  `);
});

test('what a sink would write is compared, and names that are wrong are advised on', async () => {
  const failures = await failuresOf(`      sinks:
        edge:
          files:
            haproxy.cfg: { contains: [no word of this], matches: "(" }
            nginx.conf: { contains: server }
        egde: { complete: true }
`);
  expect(failures).toContain(
    'test.yaml:17:39 expect.sinks.edge.files["haproxy.cfg"].contains[0]: is not in haproxy.cfg\n',
  );
  expect(failures).toContain('expect.sinks.edge.files["haproxy.cfg"].matches: Invalid regular expression');
  expect(failures).toMatch(/files\["nginx\.conf"\]: there is no such file; there are .*\/etc\/haproxy\/haproxy\.cfg/);
  expect(failures).toContain('expect.sinks.egde: there is no sink "egde"; did you mean "edge"?');
});

test('warnings of transforms are expected or not', async () => {
  const rules = config.replace('/shop/*', '/crat');
  const unexpected = await run('      warnings: []\n', 'test', { 'signalbox.yaml': rules });
  expect(unexpected.out).toContain('+ transforms[1]: rule 1 of route matches no service: "/crat"');
  const other = await run('      warnings: [rule 2]\n', 'test', { 'signalbox.yaml': rules });
  expect(other.out).toContain('expect.warnings[0]: is not warned of\n      - rule 2\n      + transforms[1]: rule 1');
  expect((await run('      warnings: [matches no service]\n', 'test', { 'signalbox.yaml': rules })).code).toBe(0);
});

test('services may come from JSON, as catalog and tap print them', async () => {
  const scenario = (files: string) => `version: 1
environment: { DOMAIN: example.com }
scenarios:
  - name: from files
    given: { files: [${files}] }
    expect: { services: { "mesos:/shop/cart#http": { routes: [{ hostnames: [shop.example.com] }] } } }
`;
  const service = { id: 'mesos:/shop/cart#http', name: '/shop/cart', protocol: 'tcp', labels: {}, endpoints: [] };
  const folder = createFolder({
    'signalbox.yaml': config,
    'tests/catalog.json': JSON.stringify({ services: [service] }),
    'tests/list.json': JSON.stringify([service]),
    'tests/none.json': '{"apps": []}',
    'tests/good.yaml': scenario('catalog.json'),
  });
  expect((await runCommand(folder, 'test')).code).toBe(0);
  const { writeFileSync } = await import('node:fs');
  writeFileSync(`${folder}/tests/good.yaml`, scenario('list.json'));
  expect((await runCommand(folder, 'test')).code).toBe(0);
  writeFileSync(`${folder}/tests/good.yaml`, scenario('none.json, absent.json'));
  const failed = await runCommand(folder, 'test');
  expect(failed.out).toMatch(/tests\/good\.yaml:5:22 given\.files\[0\]: \S+none\.json holds no list of services\n/);
  expect(failed.out).toMatch(/given\.files\[1\]: reading \S+absent\.json: ENOENT/);
});

test('a source that does not exist, a service that is none and a transform that throws fail the scenario alone', async () => {
  const scenarios = (id: string, more = '') => `version: 1
scenarios:
  - name: first
    given: { services: [{ id: "${id}"${more} }] }
    expect: { complete: true, services: { "${id}": {} } }
  - { name: second, given: {}, expect: { complete: true } }
`;
  const folder = (text: string) => createFolder({ 'signalbox.yaml': config, 'signalbox.test.yaml': text });
  const misspelt = await runCommand(folder(scenarios('meso:/x#0')), 'test');
  expect(misspelt.out).toContain(
    'signalbox.test.yaml:4:27 given.services[0].id: no source is called "meso"; did you mean "mesos"?\nok  second\n',
  );
  expect(misspelt.code).toBe(1);
  const broken = await runCommand(folder(scenarios('mesos:/x#0', ', endpoints: [nonsense]')), 'test');
  expect(broken.out).toContain('the service "mesos:/x#0" with an endpoint that lacks an id, an address or a port');
});

test('problems of scenario files are those of every file, with places and advice', async () => {
  const { code, out, talk } = await run('      servces: {}\n', 'test', {
    'tests/a.yaml': 'version: 2\nscenarios: []\n',
  });
  expect({ code, out }).toEqual({ code: 78, out: '' });
  expect(talk).toContain('signalbox.test.yaml:14:7 scenarios[0].expect.servces: unknown key "servces"');
  expect(talk).toContain('= did you mean "services"?');
  expect(talk).toContain('tests/a.yaml:1:10 version: expected 1');
  const config78 = await run(passing, 'test', { 'signalbox.yaml': config.replace('rules:', 'ruls:') });
  expect(config78).toMatchObject({ code: 78, talk: expect.stringContaining('did you mean "rules"?') });
});

test('--only, --json, files and no files', async () => {
  const nothing = await runCommand(createFolder({ 'signalbox.yaml': config }), 'test');
  expect(nothing).toMatchObject({
    code: 64,
    talk: expect.stringContaining('neither signalbox.test.yaml nor tests/*.yaml'),
  });
  expect(await run(passing, 'test --only *cat*')).toMatchObject({
    code: 64,
    talk: expect.stringContaining('"the cart is'),
  });
  expect((await run(passing, 'test --only *cart* signalbox.test.yaml')).code).toBe(0);
  expect((await run(passing, 'test none.yaml')).code).toBe(78);
  const { out, code } = await run(passing.replace('[]', '[x]'), 'test --json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toEqual({
    scenarios: [
      {
        file: 'signalbox.test.yaml',
        line: 4,
        name: 'the cart is published',
        passed: false,
        durationMs: expect.any(Number),
        failures: [
          {
            line: 31,
            column: 18,
            path: ['expect', 'warnings', 0],
            message: 'is not warned of',
            diff: ['- x'],
          },
        ],
      },
    ],
  });
});

test('--schema accepts what the command accepts, and durations as they are written', async () => {
  const { out } = await run(passing, 'test --schema');
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(out));
  const data = (expectation: string): unknown => parse(`${head}    expect:\n${expectation}`);
  expect(validate(data(passing))).toBe(true);
  expect(validate(data('      services: { a: { healthCheck: { interval: 5s } } }\n'))).toBe(true);
  expect(validate(data('      services: { a: { healthCheck: { intervalMs: 5 } } }\n'))).toBe(false);
  expect(validate(data('      servces: {}\n'))).toBe(false);
});
