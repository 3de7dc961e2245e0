import type { Socket } from 'node:net';

/** The open connections of a task, and which of them have a request in flight. */
export interface Connections {
  add(socket: Socket): void;
  setBusy(socket: Socket, busy: boolean): void;
  /** Ends what is idle. Returns undefined if that was all, else what resolves when the rest is done, too. */
  finish(): Promise<void> | undefined;
  /** Breaks all with a reset, as the kernel does for a process that is gone with data unread. */
  destroy(): void;
}

export function createConnections(): Connections {
  const open = new Set<Socket>();
  const busy = new Set<Socket>();
  let whenEmpty: (() => void) | undefined;
  return {
    add(socket) {
      open.add(socket);
      // Resets by clients are nothing to a task.
      socket.on('error', () => {});
      socket.once('close', () => {
        open.delete(socket);
        busy.delete(socket);
        if (busy.size === 0) whenEmpty?.();
      });
    },
    setBusy(socket, isBusy) {
      if (isBusy) busy.add(socket);
      else busy.delete(socket);
      if (busy.size === 0) whenEmpty?.();
    },
    finish() {
      for (const socket of open) if (!busy.has(socket)) socket.destroySoon();
      if (busy.size === 0) return undefined;
      return new Promise((resolve) => {
        whenEmpty = resolve;
      });
    },
    destroy() {
      for (const socket of open) socket.resetAndDestroy();
    },
  };
}
