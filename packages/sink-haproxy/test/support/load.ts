import { Agent, get } from 'node:http';

export interface Load {
  stop(): Promise<{ readonly answers: number; readonly failures: readonly string[] }>;
}

/** Keep-alive clients that ask as fast as they get answers. A request that is not answered with 200 is a failure. */
export function startLoad(port: number, clients = 4): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const failures: string[] = [];
  let answers = 0;
  let stopped = false;
  const ask = (): Promise<void> =>
    new Promise((resolve) => {
      const request = get({ host: '127.0.0.1', port, agent, timeout: 10_000 }, (response) => {
        if (response.statusCode === 200) answers += 1;
        else failures.push(String(response.statusCode));
        response.resume().on('end', resolve).on('error', resolve);
      });
      request.on('timeout', () => request.destroy(new Error('no answer within 10 s')));
      request.on('error', (error) => {
        failures.push(error.message);
        resolve();
      });
    });
  const run = async (): Promise<void> => {
    while (!stopped) await ask();
  };
  const running = Promise.all(Array.from({ length: clients }, run));
  return {
    async stop() {
      stopped = true;
      await running;
      agent.destroy();
      return { answers, failures };
    },
  };
}
