import { describe, expect, it } from 'vitest';
import { describeBasicAuth } from './basic-auth.ts';

describe('users', () => {
  it.each([
    ['MD5', '$1$abc$iCQ2D3nhptRYi27fDYv2s1'],
    ['SHA-256', `$5$rounds=5000$salt$${'a'.repeat(43)}`],
    ['SHA-512', `$6$salt$${'a'.repeat(86)}`],
    ['bcrypt', `$2y$05$${'a'.repeat(53)}`],
    ['yescrypt', `$y$j9T$salt$${'a'.repeat(43)}`],
  ])('with a hash of %s are taken', (_, hash) => {
    expect(describeBasicAuth({ users: [`ann:${hash}`] })).toMatchObject({
      userlist: { lines: [`user 'ann' password '${hash}'`] },
    });
  });

  it.each([
    ['a password', 'ann:hunter2'],
    ['the hash of htpasswd, which crypt does not know', 'ann:$apr1$abc$PZF73YJz5hJ9yyI.7OP.R.'],
    ['a hash that is too short', 'ann:$6$salt$hunter2'],
    ['no name', ':$1$abc$iCQ2D3nhptRYi27fDYv2s1'],
    ['no colon', '$1$abc$iCQ2D3nhptRYi27fDYv2s1'],
    ['a name with a space', 'ann lee:$1$abc$iCQ2D3nhptRYi27fDYv2s1'],
    ['text behind the hash', 'ann:$1$abc$iCQ2D3nhptRYi27fDYv2s1 groups x'],
  ])('with %s are refused, and not repeated', (_, user) => {
    const described = describeBasicAuth({ users: [`bob:$6$salt$${'a'.repeat(86)}`, user] });
    expect(described).toEqual({ problem: expect.stringContaining('user 2 of its authentication') });
    expect(JSON.stringify(described)).not.toMatch(/hunter2|ann|bob|iCQ2|PZF7|aaa/);
  });

  it('are the same list in any order', () => {
    const users = [`ann:$6$salt$${'a'.repeat(86)}`, `bob:$6$salt$${'b'.repeat(86)}`];
    expect(describeBasicAuth({ users })).toEqual(describeBasicAuth({ users: users.toReversed() }));
  });

  it('have to be some, each once', () => {
    const user = `ann:$6$salt$${'a'.repeat(86)}`;
    expect(describeBasicAuth({ users: [] })).toHaveProperty('problem');
    expect(describeBasicAuth({ users: [user, user] })).toHaveProperty('problem');
  });
});
