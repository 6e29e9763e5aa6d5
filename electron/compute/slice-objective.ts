import type { StatisticsPolicy } from '../../core/analyses/slices/slice.ts';
import { BadInput } from '../../core/bad-input.ts';
import { pick } from '../../core/data/subset.ts';
import type { HostVector } from '../../core/linalg/vector-space.ts';
import { differsInTraining } from '../../core/models/layer-options.ts';
import type { Objective } from '../../core/objective/objective.ts';
import { recalibrated } from '../../core/objective/recalibrated.ts';
import { loadData } from './load-data.ts';
import { type OpenedExperiment, openExperiment } from './open-experiment.ts';

export interface SliceObjectiveWanted {
  readonly on: 'train' | 'test';
  /** A fixed random subset of so many examples; null for all. */
  readonly examples: number | null;
  readonly statistics: StatisticsPolicy;
}

/** What a slice is evaluated on. */
export interface SliceObjective {
  readonly objective: Objective<HostVector>;
  readonly on: 'train' | 'test';
  /** What is really done at each point: `experiment` where there is no batch normalisation. */
  readonly statistics: StatisticsPolicy;
  /** Which examples of that set, ascending; null for all. The seed of the experiment and their number give them again. */
  readonly indices: Int32Array | null;
  /** What the reader of the picture should know, a sentence each. */
  readonly notices: readonly string[];
  /** Leaves the opened experiment as it was, its statistics settled at the origin. */
  close(): Promise<void>;
}

type Mode = OpenedExperiment['experiment']['model']['mode'];

/** The `examples` of a set of `count` that a slice looks at: drawn without repeats, those of fewer among those of more. */
export function sliceExamples(opened: OpenedExperiment, { on, examples }: SliceObjectiveWanted, count: number) {
  if (examples === null) return null;
  if (!Number.isInteger(examples) || examples < 1)
    throw new BadInput(`A slice cannot be evaluated on ${examples} examples.`, 'Give a whole number from 1 on.');
  if (examples >= count) return null;
  const order = opened.rng.split('slice examples').split(on).permutation(count);
  return order.slice(0, examples).sort();
}

const normalizes = ({ experiment }: OpenedExperiment): boolean =>
  experiment.model.layers.some(({ type }) => type === 'batchNormalization');

/** What is done with statistics, and in which mode the model computes. */
function policyOf(opened: OpenedExperiment, { on, statistics }: SliceObjectiveWanted) {
  const { mode } = opened.experiment.model;
  if (!normalizes(opened)) return { statistics: 'experiment' as const, mode: on === 'test' ? 'inference' : mode };
  // The test set of an experiment is judged by the statistics that the training set has at each point.
  const policy = statistics === 'experiment' && on === 'test' ? 'recalibrated' : statistics;
  const modes: Record<StatisticsPolicy, Mode> = {
    experiment: mode,
    frozen: 'inference',
    recalibrated: 'inference',
    batch: 'training',
  };
  return { statistics: policy, mode: modes[policy] };
}

function noticesOf(opened: OpenedExperiment, wanted: SliceObjectiveWanted, mode: Mode, count: number): string[] {
  const { layers } = opened.experiment.model;
  const notices: string[] = [];
  if (wanted.statistics !== 'experiment' && !normalizes(opened))
    notices.push('The model has no batch normalisation: there are no statistics to choose.');
  else if (wanted.statistics === 'experiment' && wanted.on === 'test' && normalizes(opened))
    notices.push('On the test set batch normalisation uses the statistics of the training set at each point.');
  if (wanted.examples !== null && wanted.examples > count)
    notices.push(`There are ${count} examples, fewer than the ${wanted.examples} that were asked for: all are used.`);
  const masks = layers.filter((layer) => layer.type !== 'batchNormalization' && differsInTraining(layer));
  if (mode === 'training' && opened.experiment.model.mode !== 'training' && masks.length > 0)
    notices.push(
      `Statistics of the batch belong to training mode, in which ${masks[0]!.type} is active too, with one mask for all points.`,
    );
  return notices;
}

/**
 * The objective that a slice through `origin` is evaluated on: the training or the test set or a fixed subset of it, with
 * batch normalisation as `statistics` says: `frozen`, statistics of the training set at the origin for all points;
 * `recalibrated`, those of the whole training set at each point, at a forward pass more a point; `batch`, those of the
 * examples that are evaluated; `experiment`, what the experiment does in its own mode. Where another mode is needed the
 * experiment is opened once more beside the one that is open. To be closed before anything else is asked of `opened`.
 * BadInput for a test set that there is not, and for a number of examples that is none.
 */
export async function sliceObjective(
  opened: OpenedExperiment,
  origin: HostVector,
  wanted: SliceObjectiveWanted,
): Promise<SliceObjective> {
  const { experiment, baseFolder } = opened;
  if (wanted.on === 'test' && opened.testProvenance === null)
    throw new BadInput('There is no test set in this experiment.', 'Give data.test, or slice on the training set.');
  const count = wanted.on === 'test' ? opened.test!.examples : opened.objective.examples;
  const indices = sliceExamples(opened, wanted, count);
  const { statistics, mode } = policyOf(opened, wanted);
  const isOwn = mode !== experiment.model.mode;
  const model = isOwn
    ? await openExperiment({ ...experiment, model: { ...experiment.model, mode } }, baseFolder)
    : opened;
  const ended: (() => void)[] = isOwn ? [() => model.dispose()] : [];
  try {
    if (isOwn) model.gate.watch(sameSignal(opened));
    const base = await onExamples(model, wanted.on, indices);
    if (base !== model.objective) ended.unshift(() => base.dispose());
    const settle = (theta: HostVector) => model.settle(theta);
    if (mode === 'inference') await settle(origin);
    const atEach = statistics === 'recalibrated' ? recalibrated(withoutEnd(base), settle, origin) : null;
    return {
      objective: withoutEnd(atEach ?? base),
      on: wanted.on,
      statistics,
      indices,
      notices: noticesOf(opened, wanted, mode, count),
      async close() {
        try {
          if (!isOwn) await atEach?.restore();
        } finally {
          atEach?.dispose();
          for (const end of ended) end();
        }
      },
    };
  } catch (problem) {
    for (const end of ended) end();
    throw problem;
  }
}

/** Whatever stops the work on one experiment stops that on the other. */
const sameSignal = ({ gate }: OpenedExperiment) => ({
  get aborted() {
    return gate.signal?.aborted ?? false;
  },
});

/** Lent: what ends it is `close`. */
const withoutEnd = <V>(objective: Objective<V>): Objective<V> => ({ ...objective, dispose() {} });

async function onExamples(
  { experiment, baseFolder, objective, rng }: OpenedExperiment,
  on: 'train' | 'test',
  indices: Int32Array | null,
): Promise<Objective<HostVector>> {
  if (on === 'train' && indices === null) return objective;
  const { train, test } = await loadData(experiment, baseFolder, rng.split('data'));
  const set = on === 'train' ? train : test!;
  return objective.withData!(indices === null ? set : pick(set, indices, `${indices.length} for slices`));
}
