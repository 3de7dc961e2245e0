import type { SpecKind } from '../mapping/spec-kind.ts';
import { parsePodDefinition } from './parse-definition.ts';
import { parsePod, podIdOf } from './parse-pod.ts';
import type { Pod, PodDefinition } from './pod.ts';
import { podServicesOf } from './pod-services.ts';

export const podKind: SpecKind<Pod, PodDefinition> = {
  name: 'pod',
  idOf: podIdOf,
  parse: parsePod,
  parseDefinition: parsePodDefinition,
  map: podServicesOf,
};
