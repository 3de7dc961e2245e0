import { isEqualData, type Service } from '@signalbox/core';

/** What members of a pool ask for and do not get, because the primary says otherwise. */
export function describeDisagreements(primary: Service, others: readonly Service[]): readonly string[] {
  return others.flatMap((other) => {
    const lost = subjects.filter(({ key }) => {
      return primary[key] !== undefined && other[key] !== undefined && !isEqualData(primary[key], other[key]);
    });
    const port = lost.some(({ key }) => key === 'port') ? [`its port ${other.port} is served no more`] : [];
    const words = lost.filter(({ key }) => key !== 'port').map(({ word }) => word);
    const kept =
      words.length === 0 ? [] : [`${words.join(', ')} of ${JSON.stringify(primary.id)} count instead of its own`];
    return [...port, ...kept].map((problem) => `${JSON.stringify(other.id)} is joined, and ${problem}`);
  });
}

const subjects = [
  { key: 'port', word: 'the port' },
  { key: 'routes', word: 'the routes' },
  { key: 'traffic', word: 'the traffic policy' },
  { key: 'healthCheck', word: 'the health check' },
  { key: 'extensions', word: 'the extensions' },
] as const;
