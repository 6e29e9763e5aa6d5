import type { Page } from 'playwright-core';

export interface FrameTimes {
  /** Milliseconds between two frames. */
  readonly median: number;
  readonly p95: number;
  readonly worst: number;
  /** Durations of the tasks that Chromium itself calls long (over 50 ms), in milliseconds. */
  readonly longTasks: readonly number[];
  readonly frames: number;
}

/** Watches the page for some seconds, from inside. */
export async function frameTimes(page: Page, seconds: number): Promise<FrameTimes> {
  const { gaps, longTasks } = await page.evaluate(
    (ms) =>
      new Promise<{ gaps: number[]; longTasks: number[] }>((resolve) => {
        const found: number[] = [];
        const tasks: number[] = [];
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) tasks.push(entry.duration);
        });
        observer.observe({ type: 'longtask' });
        const began = performance.now();
        let last = began;
        const frame = (now: number) => {
          found.push(now - last);
          last = now;
          if (now - began < ms) requestAnimationFrame(frame);
          else {
            observer.disconnect();
            resolve({ gaps: found.slice(1), longTasks: tasks });
          }
        };
        requestAnimationFrame(frame);
      }),
    1000 * seconds,
  );
  const sorted = [...gaps].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { median: at(0.5), p95: at(0.95), worst: at(1), longTasks, frames: gaps.length };
}

/** Bytes of live JavaScript objects of the page, after a full collection; and its DOM nodes and listeners. */
export async function pageMemory(page: Page): Promise<{ heap: number; nodes: number; listeners: number }> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('HeapProfiler.enable');
    await session.send('HeapProfiler.collectGarbage');
    await session.send('HeapProfiler.collectGarbage');
    await session.send('Performance.enable');
    const { metrics } = await session.send('Performance.getMetrics');
    const value = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    return { heap: value('JSHeapUsedSize'), nodes: value('Nodes'), listeners: value('JSEventListeners') };
  } finally {
    await session.detach();
  }
}
