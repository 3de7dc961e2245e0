import { createHash } from 'node:crypto';
import { type Liquid, toValueSync } from 'liquidjs';
import { stringify } from 'yaml';
import type { TemplateService } from '../data/template-data.ts';

/** What templates of this field need beyond Liquid's own filters. Each is pure: equal data give equal bytes. */
export function registerFilters(engine: Liquid): void {
  for (const [name, filter] of Object.entries(filters)) engine.registerFilter(name, filter);
  // What is quoted by its own rules needs no other care.
  for (const [name, handler] of Object.entries(quoting)) engine.registerFilter(name, { handler, raw: true });
  for (const name of [
    'sample',
    'date',
    'date_to_xmlschema',
    'date_to_rfc822',
    'date_to_string',
    'date_to_long_string',
  ]) {
    engine.registerFilter(name, () => {
      throw new Error(`the filter ${name} gives another result each time, and the file would never come to rest`);
    });
  }
}

type Filter = (value: unknown, ...rest: unknown[]) => unknown;

const filters: Readonly<Record<string, Filter>> = {
  /** `{{ services | service: "/shop/cart" }}`: the first with this name or id. */
  service: (value, name) => servicesOf(value).find((service) => service.name === name || service.id === name) ?? null,
  /** `{{ services | with_label: "env", "prod" }}`; without a value, all that have the label. */
  with_label: (value, label, wanted) =>
    servicesOf(value).filter(({ labels }) => {
      const found = labels[textOf(label)];
      return found !== undefined && (wanted === undefined || found === textOf(wanted));
    }),
  /** `{{ services | from_source: "mesos" }}`. */
  from_source: (value, source) => servicesOf(value).filter(({ id }) => id.startsWith(`${textOf(source)}:`)),
  /** `{{ service.endpoints | targets }}`: a list of `address:port`, fit for any file. */
  targets: (value) => (Array.isArray(value) ? value.map(({ target }) => mustMatch(textOf(target), targetPattern)) : []),
  /** Refuses the service of a value that does not fit: for places where no quoting is safe. */
  must_match: (value, pattern) => mustMatch(textOf(value), new RegExp(textOf(pattern), 'u')),
  regex_match: (value, pattern) => new RegExp(textOf(pattern), 'u').test(textOf(value)),
  regex_replace: (value, pattern, replacement) =>
    textOf(value).replace(new RegExp(textOf(pattern), 'gu'), textOf(replacement ?? '')),
  sha256: (value) => createHash('sha256').update(textOf(value)).digest('hex'),
  indent: (value, width) => indent(textOf(value), width ?? 2),
  /** Letters, digits and `_` only, with a hash of the whole behind it, so that two names never become one: a name for another program. */
  identifier: (value) => {
    const text = textOf(value);
    const readable = text
      .replace(/[^A-Za-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, 40);
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
    return /^[A-Za-z]/.test(readable) ? `${readable}_${hash}` : `s_${readable}_${hash}`;
  },
};

const targetPattern = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):\d+$/;

function mustMatch(text: string, pattern: RegExp): string {
  if (pattern.test(text)) return text;
  throw new Error(`${JSON.stringify(text.slice(0, 100))} does not match ${pattern.source}`);
}

const quoting: Readonly<Record<string, Filter>> = {
  /** A JSON string with its quotes, which YAML, HCL, TOML and Caddyfiles read as well. */
  quote: (value) => JSON.stringify(textOf(value)),
  json: (value, space) => JSON.stringify(value ?? null, undefined, Number(space ?? 0)),
  /** `{{ service.labels | yaml: 4 }}`: a block of YAML, its lines after the first moved to the right. */
  yaml: (value, width) => indent(stringify(value ?? null).trimEnd(), width ?? 0),
};

function indent(text: string, width: unknown): string {
  return text.replace(/\n(?=.)/g, `\n${' '.repeat(Number(width))}`);
}

function servicesOf(value: unknown): readonly TemplateService[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  const plain: unknown = toValueSync(value as never);
  return plain === undefined || plain === null ? '' : String(plain);
}
