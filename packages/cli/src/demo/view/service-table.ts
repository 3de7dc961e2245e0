import type { Canvas } from './canvas.ts';
import { fit, formatCount } from './fit.ts';
import type { EndpointMark, ServiceLine } from './view.ts';

const gap = 2;
/** A number and six endpoints: so many come and go without moving the columns. */
const usualEndpointsWidth = 10;

/** One line for each service under a line of titles. What does not fit is cut: first the address, then the row of endpoints. */
export function renderServices(services: readonly ServiceLine[], canvas: Canvas): string[] {
  const { colors, width } = canvas;
  const nameWidth = widest(
    'service',
    services.map(({ name }) => name),
  );
  const sentWidth = widest(
    'requests',
    services.map(({ requests }) => formatCount(requests.sent)),
  );
  const failedWidth = widest(
    'failed',
    services.map(({ requests }) => formatCount(requests.failed)),
  );
  const endpointsWidth = Math.max(usualEndpointsWidth, ...services.map(({ endpoints }) => endpoints.length + 4));
  const fixed = nameWidth + endpointsWidth + sentWidth + failedWidth + 4 * gap;
  const addressWidth = Math.min(
    widest(
      'address',
      services.map(({ address }) => address),
    ),
    Math.max(0, width - fixed),
  );
  const row = (cells: readonly string[]): string => cells.filter((cell) => cell !== '').join(' '.repeat(gap));
  const title = row([
    'service'.padEnd(nameWidth),
    fit('address', addressWidth, '').padEnd(addressWidth),
    'endpoints'.padEnd(endpointsWidth),
    'requests'.padStart(sentWidth),
    'failed'.padStart(failedWidth),
  ]);
  const lines = services.map(({ name, address, endpoints, requests }) => {
    const failed = formatCount(requests.failed).padStart(failedWidth);
    return row([
      name.padEnd(nameWidth),
      colors.dim(fit(address, addressWidth, canvas.symbols.ellipsis).padEnd(addressWidth)),
      renderEndpoints(endpoints, endpointsWidth, canvas),
      formatCount(requests.sent).padStart(sentWidth),
      requests.failed > 0 ? colors.red(failed) : failed,
    ]);
  });
  return [colors.dim(title), ...lines];
}

function widest(title: string, cells: readonly string[]): number {
  return Math.max(title.length, ...cells.map(({ length }) => length));
}

function renderEndpoints(endpoints: readonly EndpointMark[], width: number, { colors, symbols }: Canvas): string {
  const paint = { up: colors.green, draining: colors.yellow, down: colors.red };
  const marks = endpoints.map((mark) => paint[mark](symbols.endpoints[mark])).join('');
  const number = String(endpoints.filter((mark) => mark === 'up').length).padStart(2);
  return `${number}  ${marks}${' '.repeat(Math.max(0, width - endpoints.length - 4))}`;
}
