/** Settles after the event loop has turned: signals, messages and timers were served. */
export const turnOfEventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
