import { createFolder, fileSink, fileSource } from './workspace.ts';

/** Two services, one of them without a healthy endpoint. */
export const services: readonly unknown[] = [
  {
    id: 'files:/cart#0',
    name: '/cart',
    protocol: 'tcp',
    appProtocol: 'http',
    port: 10_001,
    labels: {},
    endpoints: [
      { id: 'a', address: '127.0.0.1', port: 31_001, health: 'healthy' },
      { id: 'b', address: '127.0.0.1', port: 31_002, health: 'unknown', draining: true },
    ],
    routes: [{ hostnames: ['shop.example'], path: { type: 'prefix', value: '/cart' } }],
  },
  {
    id: 'files:/mail#0',
    name: '/mail',
    protocol: 'tcp',
    labels: {},
    endpoints: [{ id: 'c', address: '127.0.0.1', port: 31_003, health: 'unhealthy' }],
  },
];

export const configText: string = `version: 1
sources:
  files:
    type: ./source.js
    options: { path: "\${FOLDER}/services.json" }
sinks:
  names:
    type: ./sink.js
    settle: { min: 1ms, max: 5ms }
    options: { path: "\${FOLDER}/names.txt", interval: 1s }
`;

/** A folder with a configuration that works; `FOLDER` in the environment must name it. */
export function createPipelineFolder(files: Readonly<Record<string, string>> = {}): string {
  return createFolder({
    'source.js': fileSource,
    'sink.js': fileSink,
    'services.json': JSON.stringify(services),
    'signalbox.yaml': configText,
    ...files,
  });
}
