// @vitest-environment jsdom
import axe from 'axe-core';
import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { canvasPage } from '../charts/canvas-page.ts';
import { mount, unmountAll } from '../widgets/mount.tsx';

/** A client that computes in this process: the scenes get real numbers, and every call is known. */
const client = vi.hoisted(() => ({
  calls: [] as { method: string; params: unknown }[],
  found: [] as unknown[],
  /** A search ends when this does. */
  held: Promise.resolve() as Promise<void>,
  cancelled: 0,
}));
vi.mock('../../../renderer/client/bridge.ts', () => ({
  bridge: {
    bundledExperiments: async () => [{ reference: 'r', kind: 'experiment', name: 'deep-linear.yaml', shown: '' }],
    log: async () => {},
  },
}));
vi.mock('../../../renderer/client/compute.ts', async () => {
  const { simulate } = await import('../../../core/simulations/simulate.ts');
  const answer = async (method: string, params: unknown) => {
    if (method === 'readExperiment') return { value: { yaml: 'name: x' } };
    if (method === 'saddles') {
      await client.held;
      return { value: { points: client.found }, status: 'converged' };
    }
    return simulate(params as never, { signal: { aborted: false }, breathe: async () => {} });
  };
  return {
    compute: {
      call(method: string, params: unknown, listener: { onPartial?(value: unknown): void } = {}) {
        client.calls.push({ method, params });
        if (method === 'saddles') listener.onPartial?.({ points: client.found.slice(0, 1), starts: 2 });
        const cancel = () => {
          if (method === 'saddles') client.cancelled++;
        };
        return { outcome: answer(method, params), cancel, steer() {} };
      },
    },
  };
});

import type { LessonPage } from '../../../core/lessons/lesson.ts';
import { readLesson } from '../../../core/lessons/read-lesson.ts';

canvasPage(800, 500);
// There is no WebGL here: the race is drawn as a map.
const { getContext } = HTMLCanvasElement.prototype;
HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string) {
  return kind === '2d' ? (getContext as (this: HTMLCanvasElement, kind: string) => unknown).call(this, kind) : null;
} as typeof getContext;
const { LessonPanel } = await import('../../../renderer/lessons/lesson-panel.tsx');
const { LessonScenePanel } = await import('../../../renderer/lessons/lesson-scene-panel.tsx');
const { showPage, useLesson } = await import('../../../renderer/lessons/lesson-state.ts');

const reach = (quantity: string, bound: string) =>
  `{ kind: reach, text: Do it., goals: [{ quantity: ${quantity}, ${bound} }], reply: 'It is {${quantity}}.' }`;

const scenes: Readonly<Record<string, readonly [scene: string, controls: string, question: string]>> = {
  race: [
    '{ kind: race, surface: saddle, start: [1, 0.1], learningRate: 0.1, steps: 20, leavesBelow: -1, runners: [{ optimizer: gradientDescent }, { optimizer: newton }] }',
    '[start, ridgeDistance, learningRate, runners]',
    reach('newton.saddleDistance', 'below: 0.001'),
  ],
  randomLandscape: [
    '{ kind: randomLandscape, dimension: 12, points: 30, seed: 1 }',
    '[dimension, points, energy, seed]',
    reach('negativeShare', 'above: 0.4'),
  ],
  modes: [
    '{ kind: modes, singularValues: [3, 1], u0: 0.01, learningRate: 0.02, steps: 200 }',
    '[u0, learningRate, matrices, imbalance]',
    reach('halfTime1', 'below: 100'),
  ],
  depths: [
    '{ kind: depths, matrices: [2, 4], width: 8, outputs: 2, seed: 0 }',
    '[width, seed]',
    reach('orthogonalGrowth', 'above: 0'),
  ],
  hierarchy: [
    '{ kind: hierarchy, levels: 2, flip: 0.1, features: 50, learningRate: 0.01, u0: 0.01, steps: 100, seed: 1 }',
    '[step, flip, seed]',
    reach('eigenvalue0', 'above: 0'),
  ],
  edge: ['{ kind: edge, learningRate: 0.2, seed: 1, every: 5 }', '[learningRate, seed]', reach('step', 'above: 9')],
  escapeTimes: [
    '{ kind: escapeTimes, dimension: 4, negative: 1, curvature: 1, noise: 0.01, distance: 0.001, learningRate: 0.2, repeats: 20, seed: 1 }',
    '[noise, curvature, dimension, negative, distance, learningRate, seed]',
    reach('mean', 'above: 0'),
  ],
  search: [
    '{ kind: search, experiment: deep-linear.yaml, finder: gradient-norm, starts: 2, from: random }',
    '[finder, starts, uncertified]',
    reach('selectedResidual', 'above: 0.9'),
  ],
};

const lessonOf = (kind: string) => {
  const [scene, controls, question] = scenes[kind] ?? [];
  return readLesson(
    `format: 1
id: ${kind.toLowerCase()}
title: Test
summary: Of one scene.
minutes: 1
pages:
  - { title: Page, text: 'Some *text* with _x = ab_.', scene: ${scene}, controls: ${controls}, question: ${question} }`,
    'test.yaml',
  );
};

let element: HTMLElement;

beforeEach(() => {
  client.calls.length = 0;
  document.documentElement.dataset.motion = 'reduced';
});
afterEach(unmountAll);

async function shown(kind: string): Promise<LessonPage> {
  const lesson = lessonOf(kind);
  useLesson.setState({ lessons: [lesson], answers: {}, refused: [] });
  element = await mount(
    <>
      <LessonPanel />
      <LessonScenePanel />
    </>,
  );
  await act(async () => showPage(lesson.id, 0));
  return lesson.pages[0] as LessonPage;
}

/** Lets what was asked for be computed and drawn. */
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !holds(); i++) await act(async () => new Promise((resolve) => setTimeout(resolve, 10)));
  expect(holds()).toBe(true);
}

const button = (name: string): HTMLElement => {
  const found = [...element.querySelectorAll<HTMLElement>('button')].find((one) => one.textContent?.trim() === name);
  if (!found) throw new Error(`There is no button ${name}.`);
  return found;
};
const click = (target: HTMLElement) => act(async () => target.click());
const replied = () => element.querySelector('.lesson-reply-right') !== null;
const alternatives = () =>
  [...element.querySelectorAll('[role=img]')].map((one) => one.getAttribute('aria-label') ?? '');

test('a race says nothing before it has run; then who stays and who leaves', async () => {
  await shown('race');
  await until(() => element.querySelectorAll('.lesson-legend tr').length === 2);
  expect(element.querySelector('.lesson-legend')?.textContent).not.toMatch(/leaves at|stays/);
  expect(replied()).toBe(false);
  await click(button('Run'));
  await until(replied);
  expect(element.querySelector('.lesson-legend')?.textContent).toMatch(/Newtonstays/);
  expect(element.querySelector('.lesson-reply')?.textContent).toContain('It is 0.');
  expect(useLesson.getState().sentence).toMatch(/Gradient descent leaves after \d+ steps; Newton stays\./);
});

test('a step of a race is one step, and reset takes all of them back', async () => {
  await shown('race');
  await until(() => element.querySelectorAll('.lesson-legend tr').length === 2);
  await click(button('Step'));
  await until(() => useLesson.getState().now.shown === 1);
  await click(button('Reset'));
  await until(() => useLesson.getState().now.shown === undefined);
});

test.each(['randomLandscape', 'modes', 'hierarchy', 'escapeTimes'])(
  '%s computes as it is opened, and measures',
  async (kind) => {
    const page = await shown(kind);
    await until(() => element.querySelectorAll('.quantity-plot').length === 2);
    expect(client.calls.map(({ method }) => method)).toContain('simulate');
    const state = useLesson.getState();
    expect(Object.keys(state.first).length).toBeGreaterThan(3);
    expect(state.sentence).not.toBe('');
    expect(element.querySelectorAll('input[type=range]').length).toBeGreaterThan(1);
    for (const label of alternatives()) expect(label).not.toBe('');
    if (kind === 'randomLandscape') {
      expect(replied()).toBe(false);
      const last = [...element.querySelectorAll<HTMLElement>('.segmented-option')].at(-1);
      if (last) await click(last);
    }
    await until(replied);
    expect(page.question.kind).toBe('reach');
  },
);

test('depths are computed when they are asked for', async () => {
  await shown('depths');
  expect(client.calls).toEqual([]);
  await click(button('Run'));
  await until(replied);
  expect(alternatives().join()).toContain('4 matrices: orthogonal weights need');
});

test('gradient descent goes on until it is paused, from where it was', async () => {
  await shown('edge');
  expect(client.calls).toEqual([]);
  await click(button('Run'));
  await until(() => (useLesson.getState().now.step ?? 0) >= 30);
  await click(button('Pause'));
  const thetas = client.calls.map(({ params }) => (params as { params: { theta: Float64Array | null } }).params.theta);
  expect(thetas[0]).toBeNull();
  expect(thetas[1]).toBeInstanceOf(Float64Array);
  expect(replied()).toBe(true);
  const { step } = useLesson.getState().now;
  await act(async () => new Promise((resolve) => setTimeout(resolve, 120)));
  expect(useLesson.getState().now.step).toBe(step);
});

const point = (number: number, verdict: string, residual: number | null, certified: boolean) => ({
  number,
  verdict,
  certified,
  residual,
  loss: 15 - number,
  gradientNormSquared: certified ? 1e-30 : 1e-4,
  index: { negative: 8 - number, null: 0, positive: 8, tolerance: 1e-7, method: 'dense', standardError: null },
  smallest: { value: 0.1, errorBound: 1e-9 },
});

test('a search shows its points with their verdicts; a row that is chosen is measured', async () => {
  client.found = [point(0, 'critical', null, true), point(1, 'gradientFlat', 0.99, false)];
  await shown('search');
  await click(button('Run'));
  await until(() => element.querySelectorAll('.lesson-table tbody tr').length === 2);
  expect(client.calls.find(({ method }) => method === 'saddles')?.params).toEqual({
    source: { experiment: { yaml: 'name: x', file: 'r' } },
    parameters: { finder: 'gradient-norm', starts: 2, from: 'random' },
    keep: false,
  });
  const rows = [...element.querySelectorAll<HTMLElement>('.lesson-table tbody tr')];
  expect(rows.map((row) => row.textContent)).toEqual([
    expect.stringContaining('certified'),
    expect.stringContaining('gradient-flat'),
  ]);
  expect(replied()).toBe(false);
  await act(async () => {
    rows[1]?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  });
  await until(replied);
  expect(element.querySelector('.lesson-reply')?.textContent).toContain('0.99');
  expect(useLesson.getState().now).toMatchObject({ judged: 2, certified: 1, gradientFlat: 1, selectedCritical: 0 });
});

test('a search goes on while another page is read, and its points are there on coming back', async () => {
  client.found = [point(0, 'critical', null, true), point(1, 'gradientFlat', 0.99, false)];
  client.cancelled = 0;
  let end = () => {};
  client.held = new Promise((resolve) => {
    end = resolve;
  });
  await shown('search');
  await click(button('Run'));
  const rows = () => element.querySelectorAll('.lesson-table tbody tr').length;
  await until(() => rows() === 1);
  expect(useLesson.getState().sentence).toContain('also while you read another page');
  await act(async () => showPage(null, 0));
  expect(element.querySelector('.lesson-table')).toBeNull();
  await act(async () => showPage('search', 0));
  await until(() => rows() === 1);
  expect(button('Searching…').hasAttribute('disabled')).toBe(true);
  await act(async () => showPage(null, 0));
  await act(async () => end());
  await act(async () => showPage('search', 0));
  await until(() => rows() === 2);
  expect(button('Run').hasAttribute('disabled')).toBe(false);
  expect(client.cancelled).toBe(0);
  expect(client.calls.filter(({ method }) => method === 'saddles')).toHaveLength(1);
});

test('a search that runs is stopped when it is asked to', async () => {
  client.cancelled = 0;
  let end = () => {};
  client.held = new Promise((resolve) => {
    end = resolve;
  });
  await shown('search');
  await click(button('Run'));
  await until(() => element.querySelectorAll('.lesson-table tbody tr').length === 1);
  await click(button('Stop'));
  expect(client.cancelled).toBe(1);
  await act(async () => end());
  await until(() => !button('Run').hasAttribute('disabled'));
});

test('a hundred steps are a hundred steps, from where it was', async () => {
  await shown('edge');
  for (const steps of [100, 200]) {
    await click(button('100 steps'));
    await until(() => useLesson.getState().now.step === steps && element.textContent?.includes('Pause') === false);
  }
  await act(async () => new Promise((resolve) => setTimeout(resolve, 120)));
  expect(useLesson.getState().now.step).toBe(200);
});

test('beside the list the first lesson begins by itself, gives nothing away and answers nothing', async () => {
  await shown('race');
  await act(async () => showPage(null, 0));
  await until(() => element.querySelector('.lesson-preview')?.textContent?.includes('step 20 of 20') === true);
  const preview = element.querySelector('.lesson-preview')?.textContent;
  expect(preview).toContain('gradient descent on L = 5x² − y² from x = 1, y = 0.1');
  expect(preview).not.toContain('Newton');
  const race = client.calls.find(({ params }) => (params as { simulation?: string }).simulation === 'race');
  expect(race?.params).toMatchObject({ params: { runners: [{ optimizer: 'gradientDescent' }] } });
  expect(element.querySelector('.lesson-start:not([disabled])')).toBeNull();
  expect(useLesson.getState()).toMatchObject({ now: {}, first: {}, answers: {}, sentence: '' });
});

test('mathematics stands in its own letters, words in theirs', async () => {
  await shown('modes');
  const formula = element.querySelector('.lesson-formula');
  expect([...(formula?.querySelectorAll('i') ?? [])].map((one) => one.textContent)).toEqual(['x', 'a', 'b']);
  expect(element.querySelector('.lesson-prose em')?.textContent).toBe('text');
});

test.each(['race', 'search'])('a page with %s has a name for everything that can be reached', async (kind) => {
  client.found = [point(0, 'critical', null, true), point(1, 'gradientFlat', 0.99, false)];
  await shown(kind);
  if (kind === 'search') await click(button('Run'));
  await until(() => useLesson.getState().sentence !== '');
  const { violations } = await axe.run(element, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 120))])).toEqual([]);
});
