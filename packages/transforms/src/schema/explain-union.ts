interface UnionIssue {
  readonly input?: unknown;
  readonly errors?: readonly (readonly { readonly message: string; readonly path: readonly PropertyKey[] }[])[];
}

/**
 * Makes one message of what the alternatives of a union say. Only those count that fit the input so far as to look inside;
 * where none does, the expectation is said in full.
 */
export function explainUnion(expectation: string): (issue: unknown) => string {
  return (issue) => {
    const { errors = [] } = issue as UnionIssue;
    const deep = errors.find((alternative) =>
      alternative.some(({ path, message }) => path.length > 0 || isOwn(message)),
    );
    if (deep === undefined) return `expected ${expectation}`;
    return deep.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message)).join('; ');
  };
}

/** zod begins the messages of a wrong type with "Invalid input"; any other was raised behind the type check. */
function isOwn(message: string): boolean {
  return !message.startsWith('Invalid input');
}
