// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of the configuration file look like this
import { expect, test } from 'vitest';
import { runCommand } from '../testing/fake-host.ts';
import { createFolder } from '../testing/workspace.ts';

const config = `version: 1
sources:
  mesos:
    type: marathon
    options: { urls: ["\${MARATHON:?say where}"], auth: "\${file:/run/secrets/none}" }
    transforms: [{ type: filter }, { type: route }]
  extra: { type: ./extra.js, required: false }
transforms: [{ type: route }, { type: npm:weigh }]
settle: { min: "\${SETTLE}", max: 5s }
sinks:
  edge: { type: haproxy, transforms: [{ type: filter }], settle: { max: 1m } }
  copy: { type: './a"b\\c<i>#quot;.js' }
`;

test('graph draws the places as tap calls them, without plugins and without secrets', async () => {
  const folder = createFolder({ 'signalbox.yaml': config });
  const { code, out, talk } = await runCommand(folder, 'graph');
  expect({ code, talk }).toEqual({ code: 0, talk: '' });
  expect(out).toMatchInlineSnapshot(`
    "┌── sources.mesos  marathon, required
    │    ▼ sources.mesos.transforms[0]  filter
    │    ▼ sources.mesos.transforms[1]  route
    ├── sources.extra  ./extra.js, optional
    ▼
    transforms[0]  route
    ▼
    transforms[1]  npm:weigh
    ▼
    catalog
    ├─▶ sinks.edge.transforms[0]  filter
    │   ▼ sinks.edge  haproxy, settles 200ms to 1m
    └─▶ sinks.copy  ./a"b\\c<i>#quot;.js, settles 200ms to 5s
    "
  `);
});

test('graph --format dot quotes what would end a string', async () => {
  const { out } = await runCommand(createFolder({ 'signalbox.yaml': config }), 'graph --format dot');
  expect(out).toMatchInlineSnapshot(`
    "digraph signalbox {
      rankdir=LR;
      node [fontname="sans-serif"];
      n0 [shape=cds, label="sources.mesos\\nmarathon\\nrequired"];
      n1 [shape=box, label="sources.mesos.transforms[0]\\nfilter"];
      n2 [shape=box, label="sources.mesos.transforms[1]\\nroute"];
      n3 [shape=cds, label="sources.extra\\n./extra.js\\noptional"];
      n4 [shape=box, label="transforms[0]\\nroute"];
      n5 [shape=box, label="transforms[1]\\nnpm:weigh"];
      n6 [shape=cylinder, label="catalog"];
      n7 [shape=box, label="sinks.edge.transforms[0]\\nfilter"];
      n8 [shape=component, label="sinks.edge\\nhaproxy\\nsettles 200ms to 1m"];
      n9 [shape=component, label="sinks.copy\\n./a\\"b\\\\c<i>#quot;.js\\nsettles 200ms to 5s"];
      n0 -> n1;
      n1 -> n2;
      n2 -> n4;
      n3 -> n4;
      n4 -> n5;
      n5 -> n6;
      n6 -> n7;
      n7 -> n8;
      n6 -> n9;
    }
    "
  `);
});

test('graph --format mermaid writes what it could read as more than text as numbers', async () => {
  const { out } = await runCommand(createFolder({ 'signalbox.yaml': config }), 'graph --format mermaid');
  expect(out).toMatch(/^flowchart LR\n {2}n0>"sources\.mesos<br\/>marathon<br\/>required"\]\n/);
  expect(out).toContain(
    '  n9[["sinks.copy<br/>./a#34;b#92;c#60;i#62;#35;quot#59;.js<br/>settles 200ms to 5s"]]\n  n0 --> n1\n',
  );
});

test('graph --json has the nodes and the edges', async () => {
  const { out } = await runCommand(createFolder({ 'signalbox.yaml': config }), 'graph --json');
  const { nodes, edges } = JSON.parse(out);
  expect(nodes[0]).toEqual({ point: 'sources.mesos', kind: 'source', type: 'marathon', detail: 'required' });
  expect(edges).toContainEqual({ from: 'catalog', to: 'sinks.edge.transforms[0]' });
});

test('graph without transforms leads from the sources to the catalog', async () => {
  const folder = createFolder({
    'signalbox.yaml': 'version: 1\nsources: { a: { type: x } }\nsinks: { b: { type: y } }\n',
  });
  const { out } = await runCommand(folder, 'graph');
  expect(out).toBe('┌── sources.a  x, required\n▼\ncatalog\n└─▶ sinks.b  y, settles 200ms to 2s\n');
});

test('graph reports problems of the file, and a format that is none', async () => {
  const folder = createFolder({ 'signalbox.yaml': config.replace('settle:', 'setle:') });
  expect(await runCommand(folder, 'graph')).toMatchObject({
    code: 78,
    out: '',
    talk: expect.stringContaining('did you mean "settle"?'),
  });
  const wrong = await runCommand(folder, 'graph --format png');
  expect(wrong).toMatchObject({ code: 64, talk: expect.stringContaining('known formats: text, dot, mermaid') });
});
