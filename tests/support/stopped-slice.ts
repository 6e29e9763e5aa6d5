import { copyFileSync, existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, vi } from 'vitest';
import { readSetting } from '../../core/experiment/located-yaml.ts';
import { readExperiment } from '../../core/experiment/read-experiment.ts';
import type { SliceDocument } from '../../core/experiment/result-documents.ts';
import { writeNpz } from '../../core/formats/npz.ts';
import { sliceArrays } from '../../core/formats/slice-npz.ts';
import { sliceOfPoint } from '../../electron/compute/documents/slice-document.ts';
import { openExperiment } from '../../electron/compute/open-experiment.ts';
import { pointOf } from '../../electron/compute/open-point.ts';

export const moonsYaml = `name: moons
seed: 3
data: { train: { bundled: two-moons, examples: 120 }, test: { bundled: two-moons, examples: 60 } }
model: { layers: [ { dense: { units: 6, activation: tanh } }, { dense: { units: 2 } } ] }
loss: softmaxCrossEntropy
optimizer: { gradientDescent: { learningRate: 0.5 } }
steps: 0
`;

export interface Asked {
  readonly settings: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly state: string | null;
  /** After so many steps of progress it is told to stop. */
  readonly stopAfter?: number;
  /** After so many steps of progress, what lies on disk then. */
  readonly onStep?: (step: number) => void;
  readonly yaml?: string;
}

export interface Sliced {
  readonly document: SliceDocument;
  readonly npz: Uint8Array;
  /** Points that were there when it began. */
  readonly resumed: number;
  readonly notices: readonly string[];
  readonly kept: string | null;
  readonly steps: number;
}

/** A slice as the command line computes it, in this process. */
export async function sliced({
  settings,
  parameters,
  state,
  stopAfter,
  onStep,
  yaml = moonsYaml,
}: Asked): Promise<Sliced> {
  const opened = await openExperiment(readExperiment(yaml, 'moons.yaml', settings.map(readSetting)), '.');
  const signal = { aborted: false };
  let [steps, resumed] = [0, 0];
  let kept: string | null = null;
  const notices: string[] = [];
  try {
    const document = await sliceOfPoint(
      await pointOf(opened, null, undefined),
      null,
      parameters,
      'saddlescope slice',
      {
        signal,
        onProgress: ({ stage }) => {
          if (stage !== 'slice' && stage !== 'curvature') return;
          steps++;
          onStep?.(steps);
          if (steps === stopAfter) signal.aborted = true;
        },
        onResume: (points) => {
          resumed = points;
        },
        onNotice: (sentence) => notices.push(sentence),
        onKept: (file) => {
          kept = file;
        },
      },
      { state },
    );
    return { document, npz: writeNpz(sliceArrays(document)), resumed, notices, kept, steps };
  } finally {
    opened.dispose();
  }
}

export interface Stops {
  /** Stopped after the first step, in the middle and before the last one; or in the middle alone. */
  readonly at: 'several places' | 'the middle';
  readonly yaml?: string;
}

/**
 * The same slice computed at once; stopped and taken up again; and taken up from a state that is older than what was
 * computed when the process died. All must have the same bytes.
 */
export async function expectSameBytes(
  folder: string,
  settings: readonly string[],
  parameters: Readonly<Record<string, unknown>>,
  { at, yaml }: Stops = { at: 'several places' },
): Promise<void> {
  const state = path.join(folder, 'grid.state');
  const asked = { settings, parameters, ...(yaml ? { yaml } : {}) };
  const whole = await sliced({ ...asked, state: null });
  expect(whole.document.status).toBe('converged');
  expect(whole.steps).toBeGreaterThan(2);
  const middle = Math.ceil(whole.steps / 2);
  const places = at === 'the middle' ? [middle] : [...new Set([1, middle, whole.steps - 1])];
  for (const place of places) {
    const stopped = await sliced({ ...asked, state, stopAfter: place });
    expect(stopped.document.status).toBe('cancelled');
    expect(stopped.kept).toBe(state);
    expect(stopped.npz).not.toEqual(whole.npz);
    const resumed = await sliced({ ...asked, state });
    expect(resumed.resumed).toBe(stopped.document.fields[0].computed.reduce((sum, one) => sum + one, 0));
    expect(resumed.npz).toEqual(whole.npz);
    expect(existsSync(state)).toBe(false);
  }
  // Time that flies: a state is written at every step, and one from the middle outlives what came after it.
  let hours = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => 3.6e6 * hours++);
  const old = path.join(folder, 'old.state');
  const until = whole.steps - 1;
  await sliced({
    ...asked,
    state,
    stopAfter: until,
    onStep: (step) => {
      if (step === Math.max(2, Math.floor(until / 2))) copyFileSync(state, old);
    },
  });
  clock.mockRestore();
  copyFileSync(old, state);
  rmSync(old);
  const revived = await sliced({ ...asked, state });
  expect(revived.resumed).toBeGreaterThan(0);
  expect(revived.npz).toEqual(whole.npz);
  expect(existsSync(state)).toBe(false);
}

/** What must not depend on where a grid was stopped. */
export const stoppedSlices: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  [
    'a plane with quantities',
    {
      grid: '4x3',
      quantity: 'loss,error,class_loss,gradient_norm,cosine,lambda_max,lambda_min,index',
      uncertainty: true,
    },
  ],
  ['a fine plane', { grid: '61x45' }],
  ['an adaptive plane', { grid: '65x41', extent: '3', adaptive: 0.0005 }],
  [
    'an adaptive plane with curvature',
    { grid: '17', extent: '3', adaptive: 0.03, quantity: 'gradient_norm,lambda_max' },
  ],
  ['a volume', { volume: 'random', grid: '15x13x11', quantity: 'error' }],
  ['a line of eigenvectors on the test set', { line: 'eigen', grid: '33', on: 'test', examples: 40 }],
];
