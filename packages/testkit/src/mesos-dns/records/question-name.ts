/** A name as Mesos-DNS looks it up: lower case, every `.*` cut out, a dot at the end. */
export function questionNameOf(text: string): string {
  return `${text.toLowerCase().replaceAll('.*', '').replace(/\.$/, '')}.`;
}
