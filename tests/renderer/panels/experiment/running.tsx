import { act } from 'react';
import type { ExperimentDescription } from '../../../../core/protocol/methods.ts';
import type { TrainingRecord } from '../../../../core/training/records.ts';
import type { RunCommand } from '../../../../core/training/run-control.ts';
import { examinedText } from '../../../../renderer/panels/experiment/examined-text.ts';
import type { Partner } from '../../client/scripted-partner.ts';
import { settle } from './page.tsx';

export const yaml = `# small
name: small
seed: 1
data: { train: two-moons }
model: { layers: [ { dense: { units: 8, activation: tanh } }, { dense: { units: 2 } } ] }
loss: halfSquaredError
optimizer: { gradientDescent: { learningRate: 0.05 } } # the plain one
steps: 1000
checkpoints: { every: 100 }
`;

export function describe(text: string): ExperimentDescription {
  const { experiment } = examinedText(text);
  if (experiment === null) throw new Error('This is no experiment.');
  return {
    experiment,
    hash: 'h',
    architecture: '2–8–2 tanh',
    parameters: 42,
    blocks: [],
    examples: 1000,
    testExamples: null,
    formula: 'L',
    engine: 'wasm',
    precision: 'float32',
    optimizerFormula: 'θ',
    thresholdName: '2/η (gradient descent)',
    threshold: 40,
  };
}

export const stepRecord = (step: number, learningRate = 0.05): TrainingRecord => ({
  record: 'step',
  step,
  epoch: step,
  batch: 0,
  examples: 1000,
  loss: 1,
  gradientNorm: 1,
  learningRate,
  time: 0,
  seconds: 0.01,
  status: null,
});

/** The request that trains a run of this text, answered as far as its beginning. */
export async function begun(partner: Partner, text: string, step = 0) {
  const request = await act(() =>
    partner.hears('request', ({ method, params }) => {
      const source = (params as { source?: { yaml?: string } }).source;
      return method === 'train' && source?.yaml === text;
    }),
  );
  const { id } = request;
  await act(async () => {
    await partner.say(id, { kind: 'accepted' });
    await partner.say(id, { kind: 'partial', value: { started: describe(text), step } });
  });
  await settle(60);
  return {
    id,
    params: request.params as { readonly run: string; readonly start: unknown },
    async say(...records: TrainingRecord[]) {
      await act(() => partner.say(id, { kind: 'partial', value: { records } }));
      await settle(60);
    },
    async checkpoint(at: number) {
      await act(() => partner.say(id, { kind: 'partial', value: { checkpoint: at } }));
      await settle(60);
    },
    async end(reason: 'steps' | 'stopped' | 'diverged', at: number) {
      const status = reason === 'diverged' ? 'diverged' : reason === 'steps' ? 'converged' : 'cancelled';
      const stats = { products: 0, gradients: at, losses: 0, seconds: 1 };
      const value = { status, reason, met: null, step: at, trainingSeconds: 1, probeSeconds: 0, stats };
      await act(() => partner.say(id, { kind: 'result', outcome: { status, stats, value } }));
      await settle(60);
    },
    /** What the page has told this run to do, in order. */
    steered: (): RunCommand[] =>
      partner.heard.flatMap((message) => (message.kind === 'steer' && message.id === id ? [message.command] : [])),
  };
}
