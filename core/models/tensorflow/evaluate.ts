import { argMax, tidy } from '@tensorflow/tfjs-core';
import type { Ask, Evaluation, Outputs } from '../../objective/objective.ts';
import { type OutputTargets, outputGradient } from '../../objective/output-losses.ts';
import type { ExampleBatch } from './examples.ts';
import { perExampleLoss } from './loss-terms.ts';
import { maskSeedOf, type Setting } from './objective-setting.ts';

/** Loss, standard error and error rate at θ by one forward pass; per-example losses are averaged in float64. */
export async function evaluate<V>(setting: Setting<V>, theta: V, ask: Ask): Promise<Evaluation> {
  const { functional, examples, home } = setting;
  const count = ask.batch?.length ?? examples.count;
  const losses = new Float64Array(count);
  const width = functional.outputWidth;
  const table = (wanted: boolean | undefined): Outputs => {
    return { rows: count, columns: width, data: new Float64Array(wanted ? count * width : 0) };
  };
  const rows = table(ask.outputs);
  const slopes = table(ask.outputGradients);
  const seed = maskSeedOf(ask.batch);
  let wrong: number | null = null;
  let start = 0;
  const weights = home.split(theta);
  try {
    await examples.forEachPart(ask.batch, async (part) => {
      const { outputs, terms, best } = tidy(() => {
        const out = functional.outputs(weights, part.inputs, setting.mode, seed);
        const losses = perExampleLoss(setting.loss, out, part.targets);
        return { outputs: out, terms: losses, best: part.labels ? argMax(out, 1) : undefined };
      });
      losses.set(await terms.data(), start);
      if (ask.outputs) rows.data.set(await outputs.data(), start * width);
      if (ask.outputGradients) {
        const own = slopes.data.subarray(start * width, (start + part.count) * width);
        own.set(await outputs.data());
        outputGradient(setting.loss, own, await targetsOf(part, width), 1);
      }
      if (best && part.labels) {
        const predicted = await best.data();
        // An example whose loss is NaN is no right one, whatever class comes first among numbers that are none.
        const isRight = (label: number, i: number) => predicted[i] === label && !Number.isNaN(losses[start + i]);
        wrong = part.labels.reduce((errors, label, i) => errors + (isRight(label, i) ? 0 : 1), wrong ?? 0);
      }
      for (const tensor of [outputs, terms, best]) tensor?.dispose();
      start += part.count;
    });
    const penalty = functional.penalty(weights);
    const penaltyValue = penalty ? ((await penalty.data())[0] ?? 0) : 0;
    penalty?.dispose();
    return {
      ...meanWithError(losses, setting.overExamples, penaltyValue),
      error: wrong === null ? null : wrong / count,
      ...(ask.perExample ? { perExample: losses } : {}),
      ...(ask.outputs ? { outputs: rows } : {}),
      ...(ask.outputGradients ? { outputGradients: slopes } : {}),
    };
  } finally {
    for (const weight of weights) weight.dispose();
  }
}

/** The targets of a part on the host, where slopes are taken in float64. */
async function targetsOf({ count, labels, targets }: ExampleBatch, width: number): Promise<OutputTargets> {
  const values = labels === null ? Float64Array.from(await targets.data()) : null;
  return { rows: count, width, labels, values };
}

/** Mean or sum with its standard error s/√n (times n for the sum); not a number for a single example. */
function meanWithError(losses: Float64Array, over: 'mean' | 'sum', penalty: number) {
  const n = losses.length;
  const mean = losses.reduce((total, loss) => total + loss, 0) / n;
  const spread = losses.reduce((total, loss) => total + (loss - mean) ** 2, 0);
  const standardError = Math.sqrt(spread / (n - 1) / n);
  const factor = over === 'mean' ? 1 : n;
  return { loss: mean * factor + penalty, standardError: standardError * factor };
}
