import { isPipelineError, type Service } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { toTemplateData } from '../data/template-data.ts';
import { compileTemplate, type Escape } from './engine.ts';

const shop: Service = {
  id: 'mesos:/shop#0',
  name: '/shop',
  protocol: 'tcp',
  port: 80,
  labels: { env: 'prod', team: 'a' },
  routes: [{ hostnames: ['shop.example', 'www.shop.example'] }, { hostnames: ['shop.example'] }],
  endpoints: [
    { id: 'b', address: '10.0.0.2', port: 1, health: 'healthy', draining: true },
    { id: 'a', address: '2001:db8::1', port: 2, health: 'unknown' },
    { id: 'c', address: '10.0.0.3', port: 3, health: 'unhealthy' },
  ],
};
const mail: Service = { id: 'files:mail#0', name: 'mail', protocol: 'tcp', labels: { env: 'test' }, endpoints: [] };

function render(text: string, services: readonly Service[] = [shop, mail], escaping: Escape = 'line'): string {
  return compileTemplate(text, { name: 'shop.liquid', folder: '.', escape: escaping }).render(toTemplateData(services));
}

function failureOf(text: string, services?: readonly Service[], escaping?: Escape): string {
  try {
    render(text, services, escaping);
  } catch (error) {
    if (isPipelineError(error)) return `${error.code} ${error.message}`;
    throw error;
  }
  throw new Error('expected an error');
}

test('services come by id, endpoints by id, with those that take traffic and all host names', () => {
  const text =
    '{% for s in services %}{{ s.id }} {{ s.hostnames | join: "," }} {{ s.endpoints | targets | join: " " }};{% endfor %}';
  expect(render(text)).toBe(
    'files:mail#0  ;mesos:/shop#0 shop.example,www.shop.example [2001:db8::1]:2 10.0.0.2:1 10.0.0.3:3;',
  );
  expect(render('{{ services[1].active | targets }}')).toBe('["[2001:db8::1]:2"]');
});

describe('filters', () => {
  test.each([
    ['{% assign s = services | service: "/shop" %}{{ s.port }}', '80'],
    ['{% assign s = services | service: "files:mail#0" %}{{ s.name }}', 'mail'],
    ['{{ services | with_label: "env", "prod" | map: "name" }}', '["/shop"]'],
    ['{{ services | with_label: "team" | size }}', '1'],
    ['{{ services | from_source: "files" | map: "name" | join: "," }}', 'mail'],
    ['{% if "/shop/cart" | regex_match: "^/shop" %}yes{% endif %}', 'yes'],
    ['{{ "/shop/cart" | regex_replace: "/", "-" }}', '-shop-cart'],
    ['{{ \'say "hi"\' | quote }}', '"say \\"hi\\""'],
    ['{{ services[1].labels | yaml: 4 }}', 'env: prod\n    team: a'],
    ['{{ "a" | sha256 }}', 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
    ['{{ "/shop/cart" | identifier }}', 'shop_cart_a77ffef9'],
    ['{{ "9lives" | identifier }}', 's_9lives_a5fbf7bb'],
    ['{{ "shop.example" | must_match: "^[a-z.]+$" }}', 'shop.example'],
    ['{{ services[1].labels | json }}', '{"env":"prod","team":"a"}'],
  ])('%s', (text, expected) => {
    expect(render(text).replace(/_[0-9a-f]{8}$/, '_hash')).toBe(expected.replace(/_[0-9a-f]{8}$/, '_hash'));
  });

  test('names that look alike do not become one', () => {
    const [left, right] = ['a/b', 'a-b'].map((name) => render(`{{ "${name}" | identifier }}`));
    expect(left).not.toBe(right);
  });

  test.each(['sample', 'date: "%s"'])('%s would give other bytes each time', (filter) => {
    expect(failureOf(`{{ "now" | ${filter} }}`)).toContain('never come to rest');
  });
});

describe('hostile text', () => {
  const hostile: Service = { ...mail, name: 'mail\nevil: directive', labels: { x: '"\u0000' } };

  test('a control character is refused where it would be printed, and nowhere else', () => {
    expect(failureOf('{{ services[0].name }}', [hostile])).toContain('has a control character in it');
    expect(render('{{ services[0].id }}', [hostile])).toBe('files:mail#0');
    expect(render('{{ services[0].name | quote }}', [hostile])).toBe('"mail\\nevil: directive"');
    expect(render('{{ services[0].name | raw }}', [hostile])).toBe('mail\nevil: directive');
  });

  test('what is quoted may span lines', () => {
    expect(render('{{ services[0].name | json }}', [hostile], 'json')).toBe('"mail\\nevil: directive"');
    expect(render('{{ services[0].labels | json: 1 }}', [{ ...mail }])).toBe('{\n "env": "test"\n}');
  });

  test('as JSON every value is one value', () => {
    expect(render('{{ services[0].name }}', [hostile], 'json')).toBe('"mail\\nevil: directive"');
    expect(render('{{ services[0].name }}', [hostile], 'none')).toBe('mail\nevil: directive');
  });

  test('text of a service is never a template', () => {
    expect(render('{{ services[0].name }}', [{ ...mail, name: '{{ services | json }}{% break %}' }])).toBe(
      '{{ services | json }}{% break %}',
    );
  });

  test('an address that is none fits nowhere', () => {
    const endpoint = { id: 'x', address: '10.0.0.1 evil', port: 1, health: 'unknown' } as const;
    expect(failureOf('{{ services[0].endpoints | targets }}', [{ ...mail, endpoints: [endpoint] }])).toContain(
      '"10.0.0.1 evil:1" does not match',
    );
  });

  test('nothing of JavaScript is in reach', () => {
    expect(failureOf('{{ services[0].constructor }}')).toContain('undefined variable');
    expect(failureOf('{{ services[0].__proto__ }}')).toContain('undefined variable');
  });
});

describe('a wrong template', () => {
  test.each([
    ['{% for s in services %}', 'tag {% for s in services %} not closed, line:1, col:1'],
    ['a\n {{ services | nonsense }}', 'undefined filter: nonsense, line:2, col:2'],
    ['{{ servcies }}', 'undefined variable: servcies, line:1, col:4'],
  ])('%s', (text, expected) => {
    expect(failureOf(text)).toBe(`SINK_CHECK_FAILED rendering the template shop.liquid: ${expected}`);
  });

  test('a name that may be missing has a default', () => {
    expect(render('{{ services[0].port | default: "none" }}')).toBe('none');
    expect(failureOf('{{ services[0].port }}')).toContain('undefined variable: services.0.port');
  });
});
