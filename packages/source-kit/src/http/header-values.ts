export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

/** A text of an upstream without the credentials that were sent to it: a refusal may quote what it refuses. */
export function withoutCredentials(text: string, authorization: string | undefined): string {
  const secret = authorization?.replace(/^(Basic |Bearer |token=)/, '') ?? '';
  return secret === '' ? text : text.replaceAll(secret, '***');
}
