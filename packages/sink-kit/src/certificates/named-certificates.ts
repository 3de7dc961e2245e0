import type { Service } from '@signalbox/core';

/** Names of the certificates that a service asks for, for its routes and its port; each once. */
export function listNamedCertificates({ routes = [], portTls }: Service): readonly string[] {
  const ofRoutes = routes.flatMap(({ tls }) => tls?.certificate ?? []);
  return [...new Set([...ofRoutes, ...(portTls?.certificate === undefined ? [] : [portTls.certificate])])];
}
