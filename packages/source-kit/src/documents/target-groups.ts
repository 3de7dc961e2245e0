import type { Endpoint } from '@signalbox/core';
import { z } from 'zod';
import type { DocumentService } from './document.ts';
import { parseAddressAndPort } from './parse-address.ts';

const target = z.string().refine((text) => parseAddressAndPort(text) !== undefined, 'this is not address:port');

/**
 * The form of Prometheus: a list of `targets` with `labels` ("file_sd_config" and "http_sd_config" in Prometheus' configuration documentation,
 * 2.x). Other keys are for other readers.
 */
export const targetGroups = z.array(
  z.looseObject({
    targets: z.array(target),
    labels: z.record(z.string(), z.string()).nullish(),
  }),
);

export interface TargetGroupOptions {
  /** The label whose value names the service of a group. */
  readonly serviceLabel: string;
  /** The name of groups without that label. */
  readonly fallbackName: string;
}

/** Each group is a part of the service that its label names. Labels of Prometheus' own (`__…`) stay with the endpoints. */
export function toServices(
  groups: z.output<typeof targetGroups>,
  { serviceLabel, fallbackName }: TargetGroupOptions,
): readonly DocumentService[] {
  return groups.map(({ targets, labels }) => {
    const all = labels ?? {};
    const shown = Object.entries(all).filter(([name]) => !name.startsWith('__') && name !== serviceLabel);
    const metadata = Object.keys(all).length === 0 ? {} : { metadata: all };
    return {
      name: all[serviceLabel] || fallbackName,
      protocol: 'tcp',
      labels: Object.fromEntries(shown),
      endpoints: targets.map((text) => toEndpoint(text, metadata)),
    };
  });
}

function toEndpoint(text: string, metadata: Pick<Endpoint, 'metadata'>): Endpoint {
  const { address = '', port = 0 } = parseAddressAndPort(text) ?? {};
  return { id: text, address, port, health: 'unknown', ...metadata };
}
