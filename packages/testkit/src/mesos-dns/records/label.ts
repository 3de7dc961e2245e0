const maxLabelLength = 63;

/**
 * A name as Mesos-DNS makes a DNS label of it (`records/labels`, RFC 1123): lower case, dots and underscores become hyphens, everything
 * else that is no letter, digit or hyphen is dropped, as are hyphens at both ends. A hyphen in the last place is skipped, and the next
 * character takes it.
 */
export function labelOf(text: string): string {
  let label = '';
  for (const character of text.toLowerCase().replace(/[._]/g, '-')) {
    if (label.length === maxLabelLength) break;
    if (!/[a-z0-9-]/.test(character)) continue;
    if (character === '-' && (label === '' || label.length === maxLabelLength - 1)) continue;
    label += character;
  }
  return label.replace(/-+$/, '');
}

/** Each part between dots is a label of its own. */
export function frameworkNameOf(text: string): string {
  return text.split('.').map(labelOf).join('.');
}
