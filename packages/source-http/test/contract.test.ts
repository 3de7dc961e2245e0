import { describeSourceContract, type SourceFault } from '@signalbox/testkit/contracts';
import { type HttpOptions, http } from '../src/index.ts';
import { answerJson, type Handler, startListServer } from './list-server.ts';

const password = 'tr0ub4dor&3';
const token = 'b34r3r-t0k3n';

/** How a list of services, each with its addresses, is written. */
type Form = (services: readonly (readonly [name: string, addresses: readonly string[]])[]) => unknown;

const forms: Readonly<Record<string, { readonly form: Form; readonly auth: HttpOptions['auth'] & object }>> = {
  services: {
    form: (services) => ({ services: services.map(([name, endpoints]) => ({ name, endpoints })) }),
    auth: { basic: { username: 'signalbox', password } },
  },
  http_sd: {
    form: (services) => services.map(([job, targets]) => ({ targets, labels: { job } })),
    auth: { bearer: token },
  },
};

const faults: Readonly<Record<Exclude<SourceFault, 'unreachable'>, Handler>> = {
  error: (_request, response) => void response.writeHead(500).end('it broke'),
  garbage: (_request, response) => void response.end('[{"targets": ["127.0.0.1:90'),
  hang: () => {},
  unauthorized: ({ headers }, response) => void response.writeHead(401).end(`refused: ${headers.authorization}`),
};

for (const [name, { form, auth }] of Object.entries(forms)) {
  describeSourceContract<HttpOptions>(`http: ${name}`, {
    plugin: http,
    packageType: 'http',
    load: () => import('../src/index.ts'),
    async start() {
      const expected = auth.basic === undefined ? `Bearer ${token}` : `Basic ${btoa(`signalbox:${password}`)}`;
      const guarded =
        (handler: Handler): Handler =>
        (request, response) => {
          if (request.headers.authorization === expected) handler(request, response);
          else faults.unauthorized(request, response);
        };
      let version = 0;
      let handler = guarded(answerJson(form([]), '"0"'));
      const server = await startListServer(handler);
      return {
        options: { urls: [server.url], auth, pollIntervalMs: 20, requestTimeoutMs: 500 },
        credentials: [password, token, btoa(`signalbox:${password}`)],
        async setServices(population) {
          const services = Object.entries(population).map(([service, count], index) => {
            const addresses = Array.from({ length: count }, (_, nth) => `127.0.0.1:${9000 + 100 * index + nth}`);
            return [service, addresses] as const;
          });
          version += 1;
          handler = guarded(answerJson(form(services), `"${version}"`));
          server.handle(handler);
        },
        async fail(fault) {
          if (fault === 'unreachable') await server.close();
          else server.handle(faults[fault]);
        },
        async recover() {
          server.handle(handler);
          await server.close();
          await server.open();
        },
        stop: () => server.close(),
      };
    },
    skip: [{ test: 'repairs events that were lost', reason: 'there are no events: it polls' }],
  });
}
