// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of the configuration file look like this

import { expect, test } from 'vitest';
import { createColors } from '../output/colors.ts';
import { createFolder, fileSink, pluginModule } from '../testing/workspace.ts';
import { loadConfig } from './load.ts';
import { ConfigProblemsError, renderProblems } from './problems.ts';

const marathonLike = pluginModule({
  kind: 'source',
  type: 'like',
  options: `z.strictObject({
    urls: z.array(z.url()).min(1),
    timeoutMs: z.number().optional(),
    retries: z.int().optional(),
    auth: z.strictObject({ username: z.string(), password: z.string().min(12).meta({ writeOnly: true }) }).optional(),
  })`,
});

async function problemsOf(yaml: string, environment: Record<string, string> = {}): Promise<string> {
  const folder = createFolder({ 'signalbox.yaml': yaml, 'like.js': marathonLike, 'names.js': fileSink });
  const error = await loadConfig('signalbox.yaml', { workingDirectory: folder, environment }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ConfigProblemsError);
  return renderProblems((error as ConfigProblemsError).problems, createColors(false))
    .replaceAll(folder, '<folder>')
    .replace(/known sources: [a-z, -]+/g, 'known sources: <list>');
}

test('every mistake of a file is reported at once, each with its place, its line and what to do', async () => {
  const text = await problemsOf(
    `version: 1
sauces: {}
sources:
  mesos:
    type: ./like.js
    options:
      urls: http://leader.mesos:8080
      timeout: 5
      retries: "3"
      auth:
        username: signalbox
        password: hunter2
  mesos:
    type: ./like.js
  other:
    type: marathn
    options: { token: "\${TOKEN}" }
sinks:
  edge:
    type: ./names.js
    settle: { minMs: 200 }
    options: { pth: /tmp/names }
  bad name:
    type: ./missing.js
  secret:
    type: ./names.js
    options: { path: "\${file:./none}" }
`,
  );
  expect(text).toMatchInlineSnapshot(`
    "signalbox.yaml:2:1 sauces: unknown key "sauces"
      2 | sauces: {}
        | ^^^^^^
        = known keys: version, stateDir, sources, transforms, sinks, guards, settle, resync, retry, admin

    signalbox.yaml:7:13 sources.mesos.options.urls: expected list, received string
      7 |       urls: http://leader.mesos:8080
        |             ^^^^^^^^^^^^^^^^^^^^^^^^
        = write a list: urls: [ … ]

    signalbox.yaml:8:16 sources.mesos.options.timeout: expected a duration, such as 500ms, 30s or 5m
      8 |       timeout: 5
        |                ^
        = say the unit: 5s or 5ms

    signalbox.yaml:9:16 sources.mesos.options.retries: expected number, received string
      9 |       retries: "3"
        |                ^^^
        = write it without quotation marks

    signalbox.yaml:12:19 sources.mesos.options.auth.password: too small: expected string to have >=12 characters
      12 |         password: *******
         |                   ^^^^^^^

    signalbox.yaml:13:3 sources.mesos: duplicate key "mesos"
      13 |   mesos:
         |   ^^^^^
         = it is given on line 4 already; keep one of the two

    signalbox.yaml:16:11 sources.other.type: no source plugin "marathn"
      16 |     type: marathn
         |           ^^^^^^^
         = did you mean "marathon"? known sources: <list>; looked for @signalbox/source-marathn from <folder> and beside signalbox

    signalbox.yaml:17:23 sources.other.options.token: the variable TOKEN is not set
      17 |     options: { token: "\${TOKEN}" }
         |                       ^^^^^^^^^^
         = set it in the environment, or give a default: \${TOKEN:-…}

    signalbox.yaml:21:15 sinks.edge.settle.minMs: durations carry their unit in the value, not in the key
      21 |     settle: { minMs: 200 }
         |               ^^^^^
         = write "min: 200ms"

    signalbox.yaml:22:16 sinks.edge.options.pth: unknown key "pth"
      22 |     options: { pth: /tmp/names }
         |                ^^^
         = did you mean "path"?

    signalbox.yaml:23:3 sinks["bad name"]: "bad name" cannot be used as a name here
      23 |   bad name:
         |   ^^^^^^^^
         = names start with a letter or a digit and go on with letters, digits, ".", "_" and "-"

    signalbox.yaml:24:11 sinks["bad name"].type: no sink plugin "./missing.js"
      24 |     type: ./missing.js
         |           ^^^^^^^^^^^^
         = there is no file <folder>/missing.js

    signalbox.yaml:27:22 sinks.secret.options.path: reading the file "./none": ENOENT: no such file or directory, open '<folder>/none'
      27 |     options: { path: "\${file:./none}" }
         |                      ^^^^^^^^^^^^^^^^
         = check the path (relative ones start at the configuration file) and the rights of this user

    13 problems in signalbox.yaml"
  `);
});

test('secrets stay out of lines and messages, wherever they stand', async () => {
  const described = await problemsOf(
    `version: 1
sources:
  a:
    type: ./like.js
    options:
      urls: [ "\${URL}" ]
      auth: { username: 7, password: shortone }
      passwd: topsecret
sinks: { b: { type: ./names.js, options: { path: 1, password: undescribed } } }
`,
    { URL: 'not-a-url-but-secret' },
  );
  expect(described).toMatchInlineSnapshot(`
    "signalbox.yaml:6:15 sources.a.options.urls[0]: invalid URL
      6 |       urls: [ "\${URL}" ]
        |               ^^^^^^^^
        = the value comes from the \${…} that stands here

    signalbox.yaml:7:25 sources.a.options.auth.username: expected string, received number
      7 |       auth: { username: 7, password: *********}
        |                         ^
        = put it into quotation marks

    signalbox.yaml:7:38 sources.a.options.auth.password: too small: expected string to have >=12 characters
      7 |       auth: { username: 7, password: *********}
        |                                      ^^^^^^^^

    signalbox.yaml:8:7 sources.a.options.passwd: unknown key "passwd"
      8 |       passwd: *********
        |       ^^^^^^
        = known keys: urls, timeout, retries, auth

    signalbox.yaml:9:50 sinks.b.options.path: expected string, received number
      9 | sinks: { b: { type: ./names.js, options: { path: 1, password: ************} } }
        |                                                  ^
        = put it into quotation marks

    signalbox.yaml:9:53 sinks.b.options.password: unknown key "password"
      9 | sinks: { b: { type: ./names.js, options: { path: 1, password: ************} } }
        |                                                     ^^^^^^^^
        = known keys: path, interval

    6 problems in signalbox.yaml"
  `);
  for (const secret of ['shortone', 'topsecret', 'undescribed', 'not-a-url']) expect(described).not.toContain(secret);

  const broken = await problemsOf(
    'version: 1\nsources: { a: { url: "http://user:hidden@host/", password: "literal-one" } } }\nsinks: {}\n',
  );
  expect(broken).toContain('password: *************');
  for (const secret of ['hidden', 'literal-one']) expect(broken).not.toContain(secret);
});

test('messages of a plugin do not carry values that were put in from outside', async () => {
  const echo = pluginModule({
    kind: 'source',
    options: `z.strictObject({ a: z.string().refine(() => false, { error: (issue) => 'cannot use ' + issue.input.slice(4) + ' of ' + issue.input }) })`,
  });
  const folder = createFolder({
    'echo.js': echo,
    'names.js': fileSink,
    'signalbox.yaml': `version: 1
sources: { a: { type: ./echo.js, options: { a: "pre-\${SECRET}" } } }
sinks: { b: { type: ./names.js, options: { path: x } } }
`,
  });
  const error: ConfigProblemsError = await loadConfig('signalbox.yaml', {
    workingDirectory: folder,
    environment: { SECRET: 's3cr3t' },
  }).catch((thrown) => thrown);
  expect(error.problems).toHaveLength(1);
  expect(error.message).toContain('cannot use *** of ***');
  expect(JSON.stringify(error.problems)).not.toContain('s3cr3t');
});

test('everything that the YAML parser finds is reported', async () => {
  const text = await problemsOf('version: 1\nsources:\n\ta: 1\nsinks: [a, b\nother: "x\n');
  expect(text).toMatchInlineSnapshot(`
    "signalbox.yaml:3:1 tabs are not allowed as indentation
      3 | 	a: 1
        | ^
        = indent with spaces

    signalbox.yaml:5:1 flow sequence in block collection must be sufficiently indented and end with a ]
      5 | other: "x
        | ^
        = keys of one map start in the same column

    signalbox.yaml:6:1 missing closing "quote
      6 | 
        | ^
        = a bracket, a brace or a quotation mark may be missing here or on a line above

    3 problems in signalbox.yaml"
  `);
});

test('a reference without quotation marks within braces is the classic, and gets its own advice', async () => {
  const text = await problemsOf('version: 1\nsources:\n  a:\n    options: { token: ${TOKEN} }\nsinks:\n  b: 1\n');
  expect(text).toMatchInlineSnapshot(`
    "signalbox.yaml:4:24 unexpected "{" behind a value
      4 |     options: { token: \${TOKEN} }
        |                        ^
        = within { } and [ ] put "\${…}" into quotation marks

    1 problem in signalbox.yaml"
  `);
});

test('a file that is not there is one problem without a place', async () => {
  const error: ConfigProblemsError = await loadConfig('/nowhere/signalbox.yaml').catch((thrown) => thrown);
  expect(error.code).toBe('CONFIG_UNREADABLE');
  expect(renderProblems(error.problems, createColors(false))).toMatchInlineSnapshot(`
    "/nowhere/signalbox.yaml: there is no such file
        = name another file with --config, or write a first one with "signalbox init"

    1 problem in /nowhere/signalbox.yaml"
  `);
});

test('an empty file misses the three keys that every file has', async () => {
  expect(await problemsOf('# nothing yet\n')).toMatchInlineSnapshot(`
    "signalbox.yaml:1:1 version: missing, expected 1
      1 | # nothing yet
        | ^
        = add "version: …"

    signalbox.yaml:1:1 sources: missing, expected map
      1 | # nothing yet
        | ^
        = add "sources: …"

    signalbox.yaml:1:1 sinks: missing, expected map
      1 | # nothing yet
        | ^
        = add "sinks: …"

    3 problems in signalbox.yaml"
  `);
});

test('a missing variable is the only problem of its place, and a secret that is a mere reference is shown as such', async () => {
  const text = await problemsOf(`version: 1
sources:
  a:
    type: ./like.js
    options:
      urls: [http://a/]
      auth: { username: a, password: "\${PASSWORD}" }
  b:
    type: ./like.js
    options:
      urls: [http://a/]
      auth: { username: a, password: "\${EMPTY:-short}" }
sinks: { b: { type: ./names.js, options: { path: x } } }
`);
  expect(text).toMatchInlineSnapshot(`
    "signalbox.yaml:7:38 sources.a.options.auth.password: the variable PASSWORD is not set
      7 |       auth: { username: a, password: "\${PASSWORD}" }
        |                                      ^^^^^^^^^^^^^
        = set it in the environment, or give a default: \${PASSWORD:-…}

    signalbox.yaml:12:38 sources.b.options.auth.password: too small: expected string to have >=12 characters
      12 |       auth: { username: a, password: ***************** }
         |                                      ^^^^^^^^^^^^^^^^^
         = the value comes from the \${…} that stands here

    2 problems in signalbox.yaml"
  `);
});
