// @vitest-environment jsdom
import '../../browser-gaps.ts';
import { act, type ReactElement } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, expect, test, vi } from 'vitest';
import type { ModesDocument } from '../../../../core/experiment/result-documents.ts';
import type { ExperimentDescription } from '../../../../core/protocol/methods.ts';

// Vega draws in a worker, which this page has not; what is drawn is tested with the figures.
vi.mock('../../../../renderer/figures/figure-view.tsx', () => ({
  FigureView: ({ figure }: { readonly figure: { readonly title: string } }) => <p>Figure: {figure.title}</p>,
}));
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
Object.assign(window, { saddlescope: new Proxy({}, { get: () => async () => null }) });
const { ModeTable } = await import('../../../../renderer/panels/modes/mode-table.tsx');
const { ModesView } = await import('../../../../renderer/panels/modes/modes-view.tsx');
const { ModesPanel } = await import('../../../../renderer/panels/modes-panel.tsx');
const { forgetResults, putModes } = await import('../../../../renderer/state/results.ts');
const { addRun, removeRun, updateRun } = await import('../../../../renderer/state/runs.ts');

const page = window.document.body.appendChild(window.document.createElement('div'));
const root = createRoot(page);
/** The words on the page, a space between the parts. */
const words = (): string => page.innerHTML.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

async function shown(element: ReactElement): Promise<string> {
  await act(async () => root.render(element));
  return words();
}

const numbers = (...values: number[]) => Float64Array.from(values);

const document: ModesDocument = {
  saddlescope: '0',
  experiment: 'deep',
  step: 100,
  seed: 3,
  mode: 'training',
  data: {} as ModesDocument['data'],
  status: 'converged',
  advice: 'The wanted accuracy was reached.',
  stats: { products: 0, gradients: 0, losses: 3, seconds: 0.01 },
  command: 'saddlescope modes run',
  form: 'unbalanced',
  formula: 'du/dt = √(κ² + 4u²) (s − u)',
  notices: ['The narrowest layer has 1 of the 2 units that the modes need.'],
  stepLength: 0.04,
  matrices: 2,
  widths: [2, 1, 2],
  steps: numbers(0, 50, 100),
  times: numbers(0, 0.5, 1),
  loss: numbers(10, 5, 2),
  offDiagonal: numbers(0.001, 0.2, 0.01),
  imbalance: numbers(0.5, 0.1, 0.02),
  drift: numbers(0, 1e-4, 3e-4),
  modes: [
    {
      mode: 1,
      singularValue: 4,
      strengths: numbers(0.01, 1.5, 3.9),
      theory: numbers(0.01, 1.6, 3.95),
      imbalance: 0.02,
      alignment: 0.5,
      unevenness: 0,
      halfTime: { value: 62.54, spacing: 50 },
      theoryHalfTime: 61,
      deviation: { value: 0.025, step: 50 },
    },
    {
      mode: 2,
      singularValue: 2,
      strengths: numbers(-0.01, 0, 0),
      theory: null,
      imbalance: 0.02,
      alignment: -0.3,
      unevenness: 0,
      halfTime: null,
      theoryHalfTime: null,
      deviation: null,
    },
  ],
  curves: { steps: numbers(0, 100), values: [numbers(0.01, 3.95), null] },
  dim: 4,
  convention: {
    loss: 'closedForm',
    overExamples: 'none',
    overOutputs: 'sum',
    half: true,
    formula: 'L(θ) = ½ ‖W₂ W₁ − S‖²',
  },
  engine: 'closed form',
  precision: 'float64',
};

afterEach(() =>
  act(() => {
    root.render(null);
    removeRun('run');
    forgetResults('run');
  }),
);

test('a line a mode: what it reached, when, and when the theory says so', async () => {
  const table = await shown(<ModeTable document={document} />);
  expect(table).toMatch(/1 4\S* 0\.01\S* 3\.9\S* 62\.5 61 2\.5\S* % 50 0\.5/);
  expect(table).toMatch(/2 2\S* −0\.01\S* 0\S* – – – – −0\.3/);
  expect(table).toContain('at most 50 steps apart');
});

test('the view has the notices, the equation and what it supposes beside the figure', async () => {
  const view = await shown(<ModesView document={document} />);
  expect(view).toContain('The narrowest layer has 1 of the 2 units');
  expect(view).toContain('Figure: Strengths of the modes');
  expect(view).toContain('du/dt = √(κ² + 4u²) (s − u)');
  expect(view).toContain('modes of two matrices with the κ of their start');
  expect(view).toMatch(/Length of a step, η s₁ 0\.04/);
  expect(view).toMatch(/Modes mixed.*0\.2\S* at most/);
  expect(view).toContain('npx saddlescope modes run');
});

const description = (kind: string | null) =>
  ({
    experiment: { model: { closedForm: kind === null ? undefined : { kind } } },
  }) as unknown as ExperimentDescription;

function openedRun(kind: string | null): void {
  addRun({
    id: 'run',
    file: { reference: 'run', kind: 'run', name: 'run', shown: 'run' },
    title: 'run',
    yaml: '',
    state: 'finished',
  });
  updateRun('run', { description: description(kind), checkpoints: [0, 50, 100] });
}

test('without a run, with another model, before and after it is computed', async () => {
  const compute = () =>
    [...page.querySelectorAll('button')].filter(({ textContent }) => textContent === 'Compute modes');
  expect(await shown(<ModesPanel />)).toContain('Train a deep linear network');
  expect(compute().map(({ disabled }) => disabled)).toEqual([true]);
  await act(async () => openedRun(null));
  expect(words()).toContain('this run is of another model');
  await act(async () => {
    removeRun('run');
    openedRun('deepLinear');
  });
  expect(words()).toContain('Not computed yet for this run');
  expect(compute().map(({ disabled }) => disabled)).toEqual([false, false]);
  await act(async () => putModes('run', document));
  expect(words()).toContain('Compute again');
  expect(words()).toContain('Figure: Strengths of the modes');
});
