/**
 * What jsdom lacks of a page that draws: sizes, observers of sizes, canvases. Drawing goes nowhere; what is acquired is
 * counted, so that tests see what is left.
 */
export interface CanvasPage {
  /** Listeners on window, document and its root, observers, and frames that are asked for. */
  held(): number;
  /** Texts that were written on any canvas. */
  readonly texts: string[];
  resizeAll(): void;
}

export function canvasPage(width: number, height: number): CanvasPage {
  const texts: string[] = [];
  const observers = new Set<{ callback: ResizeObserverCallback }>();
  Object.assign(globalThis, {
    ResizeObserver: class {
      constructor(readonly callback: ResizeObserverCallback) {}
      observe() {
        observers.add(this);
      }
      unobserve() {}
      disconnect() {
        observers.delete(this);
      }
    },
    Path2D: class {
      rect() {}
      moveTo() {}
      lineTo() {}
      arc() {}
    },
    matchMedia: () => ({ matches: false, addEventListener() {}, removeEventListener() {} }),
  });
  const context = new Proxy({} as Record<string, unknown>, {
    get(target, name: string) {
      if (name === 'canvas') return { width, height };
      if (name === 'measureText') return (text: string) => ({ width: 7 * text.length });
      if (name === 'createImageData')
        return (w: number, h: number) => ({ data: new Uint8ClampedArray(4 * w * h), width: w, height: h });
      if (name === 'fillText') return (text: string) => texts.push(text);
      return target[name] ?? (() => undefined);
    },
    set(target, name: string, value) {
      target[name] = value;
      return true;
    },
  });
  HTMLCanvasElement.prototype.getContext = (() => context) as unknown as HTMLCanvasElement['getContext'];
  for (const [name, length] of [
    ['clientWidth', width],
    ['clientHeight', height],
  ] as const)
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => length });
  const listeners = countedListeners();
  const mutations = countedMutations();
  return {
    held: () => listeners() + observers.size + mutations(),
    texts,
    resizeAll() {
      for (const { callback } of observers)
        callback([{ contentRect: { width, height } } as ResizeObserverEntry], {} as ResizeObserver);
    },
  };
}

/** Counts listeners of what outlives a component, by target, type and function as the page tells them apart. */
function countedListeners(): () => number {
  const held = new Map<EventTarget, Set<string>>();
  const ids = new WeakMap<object, number>();
  let next = 0;
  const outlives = (target: EventTarget) =>
    target === window || target === document || target === document.documentElement || target === document.body;
  const key = (type: string, listener: object, options: unknown) => {
    if (!ids.has(listener)) ids.set(listener, next++);
    const capture = typeof options === 'boolean' ? options : ((options as AddEventListenerOptions)?.capture ?? false);
    return `${type} ${ids.get(listener)} ${capture}`;
  };
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    const target = this ?? window;
    if (listener && outlives(target)) {
      const set = held.get(target) ?? new Set();
      held.set(target, set.add(key(type, listener, options)));
      const signal = typeof options === 'object' ? options.signal : undefined;
      signal?.addEventListener('abort', () => set.delete(key(type, listener, options)));
    }
    addEventListener.call(target, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    const target = this ?? window;
    if (listener) held.get(target)?.delete(key(type, listener, options));
    removeEventListener.call(target, type, listener, options);
  };
  return () => [...held.values()].reduce((sum, { size }) => sum + size, 0);
}

function countedMutations(): () => number {
  let held = 0;
  const Real = MutationObserver;
  globalThis.MutationObserver = class extends Real {
    observing = false;
    override observe(target: Node, options?: MutationObserverInit) {
      if (!this.observing) held++;
      this.observing = true;
      super.observe(target, options);
    }
    override disconnect() {
      if (this.observing) held--;
      this.observing = false;
      super.disconnect();
    }
  };
  return () => held;
}
