/** How a proxy should check the endpoints of a service, as the source defines it. */
export interface HealthCheck {
  readonly kind: 'http' | 'https' | 'tcp';
  /** For `http` and `https`: origin-form path, starting with `/`. */
  readonly path?: string;
  /** Checked port, when it is not the endpoint's own. */
  readonly port?: number;
  readonly intervalMs?: number;
  readonly timeoutMs?: number;
  /** Failures in a row until the endpoint counts as down. */
  readonly failures?: number;
}
