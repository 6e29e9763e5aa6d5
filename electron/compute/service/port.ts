/** One end of a connection, the same for Electron's ports and Node's. */
export interface Port {
  post(message: unknown): void;
  /** From now on messages come; those that came before, first. */
  listen(onMessage: (message: unknown) => void, onClose: () => void): void;
  close(): void;
}

/** A port of Electron's utility process (messages come as events) or of worker_threads (messages come as they are). */
export interface RawPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start?(): void;
  close(): void;
}

export function portOf(raw: RawPort, kind: 'electron' | 'node'): Port {
  return {
    post: (message) => raw.postMessage(message),
    listen(onMessage, onClose) {
      raw.on('close', onClose);
      raw.on('message', (event) => onMessage(kind === 'electron' ? (event as { data: unknown }).data : event));
      raw.start?.();
    },
    close: () => raw.close(),
  };
}
