// @vitest-environment jsdom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TrainingRecord } from '../../../core/training/records.ts';
import { probe, useProbe } from '../../../renderer/state/probe.ts';
import { putLandscape, type ShownLandscape, useResults } from '../../../renderer/state/results.ts';
import { addRecords, emptySeries } from '../../../renderer/state/run-series.ts';
import { addRun, type Run, updateRun, useRuns } from '../../../renderer/state/runs.ts';
import { defaultSettings, useSettings } from '../../../renderer/state/settings.ts';
import { useTime } from '../../../renderer/state/time.ts';
import { type CanvasPage, canvasPage } from './canvas-page.ts';

let page: CanvasPage;
let TimePanel: typeof import('../../../renderer/panels/time-panel.tsx').TimePanel;
let MapPanel: typeof import('../../../renderer/panels/map-panel.tsx').MapPanel;

/** Subscriptions to the stores that were not given back. */
let subscriptions = 0;

beforeAll(async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  page = canvasPage(900, 240);
  for (const store of [useRuns, useTime, useSettings, useResults, useProbe]) {
    const subscribe = store.subscribe as (listener: () => void) => () => void;
    vi.spyOn(store, 'subscribe').mockImplementation(((listener: () => void) => {
      subscriptions++;
      const stop = subscribe(listener);
      return () => {
        subscriptions--;
        stop();
      };
    }) as typeof store.subscribe);
  }
  ({ TimePanel } = await import('../../../renderer/panels/time-panel.tsx'));
  ({ MapPanel } = await import('../../../renderer/panels/map-panel.tsx'));
}, 60_000);

const update = (step: number): TrainingRecord => ({
  record: 'step',
  step,
  epoch: 0,
  batch: 0,
  examples: 1,
  loss: 1 / (step + 1),
  gradientNorm: 1,
  learningRate: 0.1,
  time: 0,
  seconds: 0,
  status: null,
});

beforeEach(() => {
  useRuns.setState({ runs: [], current: null });
  useTime.setState({ cursor: null, hover: null, range: null });
  useSettings.setState(defaultSettings);
  useProbe.setState({ point: null });
  const series = emptySeries();
  addRecords(series, [0, 1, 2, 3, 4].map(update));
  addRun({ id: 'a', file: { name: 'a' } as Run['file'], title: 'a', yaml: '', state: 'running', steps: 100, series });
});

const frames = () => act(() => new Promise<void>((resolve) => setTimeout(resolve, 120)));

async function mounted(panel: () => React.ReactNode): Promise<{ host: HTMLElement; unmount(): Promise<void> }> {
  const host = document.createElement('div');
  document.body.append(host);
  const root = createRoot(host);
  await act(async () => root.render(panel()));
  page.resizeAll();
  await frames();
  return {
    host,
    async unmount() {
      await act(async () => root.unmount());
      host.remove();
    },
  };
}

const chart = (host: HTMLElement, id: string) => host.querySelector<HTMLElement>(`[data-figure="${id}"]`)!;
const numbers = (host: HTMLElement, id: string) =>
  [...chart(host, id).querySelectorAll('.live-chart-number')].map((element) => element.textContent);

describe('the time band', () => {
  test('shows the newest record, then that at the cursor, and says in words what is drawn', async () => {
    const { host, unmount } = await mounted(() => <TimePanel />);
    expect(numbers(host, 'loss')).toEqual(['0.2']);
    expect(chart(host, 'loss').getAttribute('role')).toBe('img');
    expect(chart(host, 'loss').getAttribute('aria-label')).toBe('Loss: train from 1 at step 0 to 0.2 at step 4.');
    await act(async () => useTime.setState({ cursor: 1 }));
    await frames();
    expect(numbers(host, 'loss')).toEqual(['0.5']);
    await act(async () => useTime.setState({ hover: 3 }));
    await frames();
    expect(numbers(host, 'loss')).toEqual(['0.25']);
    await unmount();
  });

  test('draws records as they come, without a change of React state', async () => {
    const { host, unmount } = await mounted(() => <TimePanel />);
    const run = useRuns.getState().runs[0]!;
    addRecords(run.series, [update(5), update(9)]);
    await act(async () => updateRun('a', { version: run.series.version }));
    await frames();
    expect(numbers(host, 'loss')).toEqual(['0.1']);
    const slider = host.querySelector('[role="slider"]')!;
    expect(slider.getAttribute('aria-valuenow')).toBe('9');
    expect(slider.getAttribute('aria-valuetext')).toBe('step 9, following the run');
    await unmount();
  });

  test('is moved by keys: the slider by records, a chart zooms and goes back', async () => {
    const { host, unmount } = await mounted(() => <TimePanel />);
    const press = (element: Element, key: string, more: KeyboardEventInit = {}) =>
      act(async () => {
        element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
      });
    const slider = host.querySelector('[role="slider"]')!;
    await press(slider, 'ArrowLeft');
    expect(useTime.getState().cursor).toBe(3);
    await press(slider, 'Home');
    expect(useTime.getState().cursor).toBe(0);
    await press(slider, 'End');
    expect(useTime.getState().cursor).toBeNull();
    await press(chart(host, 'loss'), '+');
    const [low, high] = useTime.getState().range!;
    expect(high - low).toBeCloseTo(7, 9);
    await press(chart(host, 'loss'), 'Escape');
    expect(useTime.getState().range).toBeNull();
    await unmount();
  });

  test('leaves no listener, observer or subscription behind', async () => {
    const once = await mounted(() => <TimePanel />);
    await once.unmount();
    const before = [page.held(), subscriptions];
    for (let i = 0; i < 3; i++) {
      const { host, unmount } = await mounted(() => <TimePanel />);
      expect(host.querySelectorAll('.uplot')).toHaveLength(4);
      expect(page.held()).toBeGreaterThan(before[0]!);
      expect(subscriptions).toBeGreaterThan(before[1]!);
      await act(async () => useSettings.setState({ charts: ['loss', 'sharpness'], logCharts: ['sharpness'] }));
      await frames();
      expect(host.querySelectorAll('.uplot')).toHaveLength(2);
      await unmount();
      useSettings.setState(defaultSettings);
      expect([page.held(), subscriptions]).toEqual(before);
    }
  });
});

const plane = (): ShownLandscape =>
  ({
    slice: {
      axes: [Float64Array.of(-1, 0, 1), Float64Array.of(-2, 0, 2)],
      fields: [
        {
          quantity: 'loss',
          values: Float64Array.of(4, 3, 4, 2, 1, 2, 4, 3, 4),
          computed: new Uint8Array(9).fill(1),
          certificate: null,
          uncertainty: null,
        },
      ],
      trajectory: {
        steps: [0, 4],
        coordinates: [Float64Array.of(1, 0), Float64Array.of(2, 0)],
        distance: new Float64Array(2),
        length: new Float64Array(2),
        trueLoss: Float64Array.of(4, 1),
        projectedLoss: Float64Array.of(4, 1),
      },
    },
    complete: true,
    newer: null,
  }) as unknown as ShownLandscape;

describe('the map', () => {
  test('reads off the point of the path at the cursor, then the one that keys pick; Enter goes to its checkpoint', async () => {
    putLandscape('a', 'pca', plane());
    const { host, unmount } = await mounted(() => <MapPanel />);
    const readout = host.querySelector('output')!;
    expect(readout.textContent).toBe('α 0, β 0: L ≈ 1');
    await act(async () => useTime.setState({ cursor: 0 }));
    await frames();
    expect(readout.textContent).toBe('α 1, β 2: L ≈ 4');
    expect(host.querySelector('.map-panel-fixed')!.textContent).toBe('β = 2');
    const map = host.querySelector('canvas')!;
    const press = (key: string) =>
      act(async () => {
        map.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      });
    await press('ArrowDown');
    await frames();
    expect(useProbe.getState().point).toEqual({ alpha: 1, beta: 0, loss: 2, source: 'map' });
    expect(readout.textContent).toBe('α 1, β 0: L ≈ 2');
    await press('ArrowLeft');
    await press('Enter');
    expect(useTime.getState().cursor).toBe(4);
    await press('Escape');
    expect(useProbe.getState().point).toBeNull();
    await act(async () => probe({ alpha: 0.5, beta: 1, loss: 2.25, source: 'scene' }));
    await frames();
    expect(readout.textContent).toBe('α 0.5, β 1: L ≈ 2.5');
    await unmount();
  });

  test('leaves no listener, observer or subscription behind', async () => {
    putLandscape('a', 'pca', plane());
    const once = await mounted(() => <MapPanel />);
    await once.unmount();
    const before = [page.held(), subscriptions];
    const { unmount } = await mounted(() => <MapPanel />);
    expect(page.held()).toBeGreaterThan(before[0]!);
    await unmount();
    expect([page.held(), subscriptions]).toEqual(before);
  });
});
