/** What a browser has and jsdom lacks, as little as the page needs of it. Import it before the page's modules. */
const none = () => {};

class NoObserver {
  observe = none;
  unobserve = none;
  disconnect = none;
}

function give(to: object, name: string, value: unknown): void {
  if (Reflect.get(to, name) === undefined)
    Object.defineProperty(to, name, { value, configurable: true, writable: true });
}

give(globalThis, 'matchMedia', (media: string) => ({
  media,
  matches: false,
  addEventListener: none,
  removeEventListener: none,
}));
give(globalThis, 'ResizeObserver', NoObserver);
give(globalThis, 'CSS', {});
give(globalThis.CSS, 'escape', (text: string) => text.replace(/[^a-zA-Z0-9_-]/g, '\\$&'));
give(globalThis, 'requestIdleCallback', (callback: () => void) => setTimeout(callback));
give(globalThis, 'cancelIdleCallback', clearTimeout);
