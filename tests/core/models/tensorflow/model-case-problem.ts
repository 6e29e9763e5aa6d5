import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Dataset } from '../../../../core/data/dataset.ts';
import type { HostVector } from '../../../../core/linalg/vector-space.ts';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { modelFromSpecification } from '../../../../core/models/tensorflow/model-from-specification.ts';
import { tensorflowObjective } from '../../../../core/models/tensorflow/tensorflow-objective.ts';
import { initialTheta } from '../../../../core/models/tensorflow/theta.ts';
import type { Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { type ModelCase, modelCases, outputs, specificationOf } from './model-cases.ts';
import { modelOfBuilt } from './model-cases-built.ts';

export const examples = 12;

/** Inputs and targets that both precisions share; numbers are rounded to float32. */
export function datasetOf(row: ModelCase): Dataset {
  const rng = randomFromSeed(3).split(row.name);
  const width = row.inputShape.reduce((product, extent) => product * extent, 1);
  const raw = rng.split('inputs').fill(new Float64Array(examples * width), 'normal');
  const labels = Int32Array.from({ length: examples }, (_, i) => i % outputs);
  const values = rng
    .split('values')
    .fill(new Float64Array(examples * outputs), 'normal')
    .map(Math.fround);
  return {
    name: row.name,
    examples,
    inputShape: row.inputShape,
    inputs: raw.map((x) => (row.tokens ? Math.floor(Math.abs(x) * 10) % row.tokens : Math.fround(x))),
    targets:
      row.loss && row.loss !== 'softmaxCrossEntropy'
        ? { kind: 'values', width: outputs, values }
        : { kind: 'classes', classes: outputs, labels },
    source: 'drawn',
  };
}

export interface CaseProblem {
  readonly model: LayersModel;
  readonly objective: Objective<HostVector>;
  readonly theta: HostVector;
  readonly u: HostVector;
  readonly v: HostVector;
}

/** The case as an objective, with a point and two directions rounded to float32. */
export function problemOf(row: ModelCase): CaseProblem {
  const rng = randomFromSeed(4).split(row.name);
  const model = row.built
    ? modelOfBuilt(row.built, outputs)
    : modelFromSpecification(specificationOf(row), row.inputShape, rng.split('model'));
  const objective = tensorflowObjective({
    model,
    data: datasetOf(row),
    loss: row.loss ?? 'softmaxCrossEntropy',
    overExamples: row.overExamples ?? 'mean',
    mode: row.mode ?? 'inference',
    space: 'host',
  });
  const { space } = objective;
  const draw = (name: string) => rng.split(name).fill(new Float64Array(space.dim), 'normal').map(Math.fround);
  // Away from the zeros at which biases start: a ReLU's kink lies there for units without input.
  const noise = draw('theta');
  // What tf.layers drew for a network built by hand is another draw in every realm.
  const theta = space.fromHost(
    row.built
      ? noise.map((x) => Math.fround(0.5 * x))
      : initialTheta(model).map((x, i) => Math.fround(x + 0.05 * (noise[i] ?? 0))),
  );
  return { model, objective, theta, u: space.fromHost(draw('u')), v: space.fromHost(draw('v')) };
}

export interface Derivatives {
  readonly loss: number;
  readonly gradient: Float64Array;
  readonly hv: Float64Array;
  readonly gv: Float64Array;
  readonly jv: Float64Array;
}

export async function derivativesOf({ objective, theta, v }: CaseProblem): Promise<Derivatives> {
  const { space } = objective;
  const at = await objective.linearize(theta);
  const hv = await at.hessianProduct(v);
  const gv = (await at.gaussNewtonProduct?.(v)) ?? space.zeros();
  const result = {
    loss: at.loss,
    gradient: await space.toHost(at.gradient),
    hv: await space.toHost(hv),
    gv: await space.toHost(gv),
    jv: (await at.jacobianProduct?.(v))?.data ?? new Float64Array(0),
  };
  space.release(hv, gv);
  at.dispose();
  return result;
}

/** What a double-precision realm answers: the derivatives of the named cases at their points, or why there are none. */
export async function derivativesOfCases(names: readonly string[]): Promise<(Derivatives | string)[]> {
  await useBackend('cpu');
  const found: (Derivatives | string)[] = [];
  for (const name of names) {
    try {
      found.push(await derivativesOf(problemOf(modelCases.find((row) => row.name === name)!)));
    } catch (error) {
      found.push(String(error));
    }
  }
  return found;
}
