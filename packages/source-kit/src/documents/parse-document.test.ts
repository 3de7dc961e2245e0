import { expect, test } from 'vitest';
import { parseDocument } from './parse-document.ts';

const options = { serviceLabel: 'job', fallbackName: 'shop' };
const parse = (text: string) => parseDocument(text, options);

function problemsOf(text: string): readonly string[] {
  const parsed = parse(text);
  if (!('problems' in parsed)) throw new Error('expected problems');
  return parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

test('services in YAML, endpoints short and long', () => {
  const text = `
services:
  - name: /shop/cart
    port: 8080
    appProtocol: http
    labels: { team: shop, version: 2 }
    healthCheck: { kind: http, path: /health, intervalMs: 5000 }
    endpoints:
      - 10.0.0.1:8080
      - { address: '2001:db8::1', port: 8080, weight: 50, draining: true, backup: true, health: healthy }
  - name: idle
    endpoints: []
`;
  expect(parse(text)).toEqual({
    services: [
      {
        name: '/shop/cart',
        protocol: 'tcp',
        port: 8080,
        appProtocol: 'http',
        labels: { team: 'shop', version: '2' },
        healthCheck: { kind: 'http', path: '/health', intervalMs: 5000 },
        endpoints: [
          { id: '10.0.0.1:8080', address: '10.0.0.1', port: 8080, health: 'unknown' },
          {
            id: '[2001:db8::1]:8080',
            address: '2001:db8::1',
            port: 8080,
            weight: 50,
            draining: true,
            backup: true,
            health: 'healthy',
          },
        ],
      },
      { name: 'idle', protocol: 'tcp', labels: {}, endpoints: [] },
    ],
  });
});

test("Prometheus' target groups, in JSON and in YAML, named by a label", () => {
  const groups = [
    { targets: ['10.0.0.1:80', 'b.example:81'], labels: { job: 'cart', env: 'prod', __meta_rack: 'r1' } },
    { targets: ['[::1]:80'], unknown: true },
  ];
  const expected = [
    {
      name: 'cart',
      protocol: 'tcp',
      labels: { env: 'prod' },
      endpoints: [
        { id: '10.0.0.1:80', address: '10.0.0.1', port: 80 },
        { id: 'b.example:81', address: 'b.example', port: 81 },
      ].map((endpoint) => ({
        ...endpoint,
        health: 'unknown',
        metadata: { job: 'cart', env: 'prod', __meta_rack: 'r1' },
      })),
    },
    {
      name: 'shop',
      protocol: 'tcp',
      labels: {},
      endpoints: [{ id: '[::1]:80', address: '::1', port: 80, health: 'unknown' }],
    },
  ];
  expect(parse(JSON.stringify(groups))).toEqual({ services: expected });
  const yaml = `- targets: ['10.0.0.1:80', 'b.example:81']
  labels: { job: cart, env: prod, __meta_rack: r1 }
- targets: ['[::1]:80']
`;
  expect(parse(yaml)).toEqual({ services: expected });
});

test('no services is a statement, nothing at all is none', () => {
  expect(parse('services: []')).toEqual({ services: [] });
  expect(parse('[]')).toEqual({ services: [] });
  expect(problemsOf(' \n')).toEqual(['1:1 it is empty; an upstream without services says "services: []"']);
  expect(problemsOf('# nothing but talk\n')[0]).toContain('neither a map with "services" nor a list');
  expect(problemsOf('"services"')[0]).toContain('neither');
  expect(problemsOf('{}')[0]).toContain('services: ');
});

test.each([
  ['half a JSON text', '{"services": [{"name": "a", "endpoints": ["10.0', /^1:\d+ /],
  ['a cut YAML flow', 'services:\n  - name: a\n    endpoints: [10.0.0.1:80', /^3:\d+ /],
  ['a key twice', 'services: []\nservices: []\n', /^2:1 .*unique/],
  ['an unknown key', 'services:\n  - name: a\n    adress: b\n    endpoints: []\n', /^2:5 services\[0\]: .*"adress"/],
  [
    'an unknown key of an endpoint',
    'services:\n  - name: a\n    endpoints:\n      - { adress: b, address: b, port: 1 }\n',
    /^4:9 services\[0\]\.endpoints\[0\]: .*"adress"/,
  ],
  ['no port', 'services:\n  - name: a\n    endpoints: [a.example]\n', /^3:17 .*"a\.example" is not address:port$/],
  ['a port of 0', 'services: [{ name: a, endpoints: [{ address: a, port: 0 }] }]', /^1:55 .*endpoints\[0\]\.port: /],
  ['a number as endpoint', 'services: [{ name: a, endpoints: [80] }]', /write address:port, or a map/],
  ['a target without port', '[{"targets": ["a:1", "b"]}]', /^1:22 \[0\]\.targets\[1\]: this is not address:port$/],
  ['a page of a captive portal', '<!DOCTYPE html><html><body>Log in</body></html>', /neither a map/],
  [
    'aliases that grow without bound',
    `services: []\na: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`,
    /alias/i,
  ],
])('%s is refused with its place', (_title, text, expected) => {
  expect(problemsOf(text)[0]).toMatch(expected);
});

test('every problem of a file is told', () => {
  expect(problemsOf('services: [{ name: "", endpoints: [] }, { name: b, endpoints: [x] }]')).toHaveLength(2);
});
