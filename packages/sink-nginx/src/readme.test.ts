import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { nginx } from './index.ts';

it('the README names every option', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const schema = nginx.options['~standard'].jsonSchema.input({ target: 'draft-2020-12' });
  for (const option of Object.keys(schema.properties as object)) {
    expect(readme).toMatch(new RegExp(`^\\| .*\`${option}[\`.]`, 'm'));
  }
});
