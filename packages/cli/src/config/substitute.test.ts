// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of the configuration file look like this

import { expect, test } from 'vitest';
import { substitute } from './substitute.ts';

const inputs = {
  environment: { NAME: 'value', EMPTY: '', NESTED: '${NAME}' },
  readFile: async (path: string) => {
    if (path === 'secret') return 'from file\n';
    throw new Error('no such file');
  },
};

test.each([
  ['${NAME}', 'value', 'whole'],
  ['a ${NAME} b', 'a value b', 'part'],
  ['${NAME}${NAME}', 'valuevalue', 'part'],
  ['${EMPTY}', '', 'whole'],
  ['${EMPTY:-other}', 'other', 'whole'],
  ['${MISSING:-a default: with / and $}', 'a default: with / and $', 'whole'],
  ['${MISSING:-}', '', 'whole'],
  ['${NAME:?needed}', 'value', 'whole'],
  ['${file:secret}', 'from file', 'whole'],
  ['$${NAME}', '${NAME}', undefined],
  ['$$${NAME}', '$value', 'part'],
  ['^/api$', '^/api$', undefined],
  ['$HOME costs 5$', '$HOME costs 5$', undefined],
  ['${NESTED}', '${NAME}', 'whole'],
  ['plain', 'plain', undefined],
  ['', '', undefined],
])('%j becomes %j', async (text, value, extent) => {
  expect(await substitute(text, inputs)).toMatchObject({ value, extent, problems: [] });
});

test.each([
  ['${MISSING}', 'the variable MISSING is not set'],
  ['${MISSING:?the password}', 'the variable MISSING is needed: the password'],
  ['${EMPTY:?}', 'the variable EMPTY is not set or empty'],
  ['${file:none}', 'reading the file "none": no such file'],
  ['${NAME', '"${" without "}"'],
  ['${not a name}', '"${not a name}" is no reference'],
])('%j is a problem', async (text, message) => {
  const { problems } = await substitute(text, inputs);
  expect(problems).toMatchObject([{ message }]);
});

test('every reference of one text is looked at', async () => {
  const { problems } = await substitute('${A} ${NAME} ${B}', inputs);
  expect(problems.map(({ message }) => message)).toEqual(['the variable A is not set', 'the variable B is not set']);
});
