import { BadInput } from '../bad-input.ts';
import { refuseCoupledBatches } from './coupled-examples.ts';
import { joinEvaluations, joinRows } from './joined-evaluation.ts';
import { joinPointEvaluations } from './joined-point-evaluations.ts';
import type { BatchKey, Linearization, Objective, Outputs } from './objective.ts';

export interface ShardedOptions {
  /** Whether the layers have penalties, which every shard's loss then includes; sums cost three examples more to count them once. */
  readonly penalized?: boolean;
}

/** What one shard does for one call: some of its examples, by its own indices; all without a batch. */
interface Task {
  readonly shard: number;
  readonly batch?: BatchKey;
  readonly weight: number;
}

/** The part of a call's examples that lies in one shard. */
interface Piece {
  readonly shard: number;
  readonly count: number;
  readonly batch?: BatchKey;
  /** Where its examples lie in the batch of the call. */
  readonly places?: BatchKey;
}

/** What takes the place of an answer that did not come. */
type Settled<T> = { readonly value: T } | { readonly problem: unknown };

/**
 * L(θ) on examples that are spread over shards, each an objective on its own consecutive piece of them: the first shard
 * has the first examples, and so on. All shards have the same model, convention and space; they may compute elsewhere
 * (threads, processes) and are asked at the same time.
 *
 * Mean: L = Σ_k (n_k/N) L_k. Sum: L = Σ_k L_k − (K − 1) P with the penalty P of the layers, 2 L_{i} − L_{i,i} of an
 * example i. Terms are added in the order of the shards, whichever answers first, so that the same shards give the same
 * bits. Not for layers that couple the examples of a batch, which are refused where the layer graph names them, nor for
 * dropout in training mode, whose masks follow from the examples of a shard.
 *
 * Where a shard fails, the others are heard out and freed of what they made, and the first failure is thrown. `dispose`
 * ends all shards.
 */
export function shardedObjective<V>(
  shards: readonly Objective<V>[],
  { penalized = true }: ShardedOptions = {},
): Objective<V> {
  const [first] = shards;
  if (!first) throw new RangeError('An objective needs one shard at least.');
  const { space, layout, graph, convention, engine } = first;
  if (convention.overExamples === 'none' && shards.length > 1)
    throw new BadInput('This loss is not a sum over examples.', 'Evaluate it as a whole, without shards.');
  if (shards.length > 1) refuseCoupledBatches(graph, 'shards');
  const starts = [0];
  for (const shard of shards) starts.push(starts.at(-1)! + shard.examples);
  const examples = starts.at(-1)!;
  const everyPiece: readonly Piece[] = shards.map((shard, k) => ({ shard: k, count: shard.examples }));
  const sums = convention.overExamples === 'sum';

  function shardOf(example: number): number {
    let [low, high] = [0, shards.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= example) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  function piecesOf(batch: BatchKey | undefined): readonly Piece[] {
    if (!batch) return everyPiece;
    if (batch.length === 0) throw new RangeError('A batch needs at least one example.');
    const own = shards.map((): { batch: number[]; places: number[] } => ({ batch: [], places: [] }));
    batch.forEach((example, place) => {
      if (example < 0 || example >= examples)
        throw new RangeError(`Example ${example} is not among 0…${examples - 1}.`);
      const k = shardOf(example);
      own[k]!.batch.push(example - starts[k]!);
      own[k]!.places.push(place);
    });
    return own.flatMap(({ batch, places }, shard) =>
      batch.length === 0
        ? []
        : [{ shard, count: batch.length, batch: Int32Array.from(batch), places: Int32Array.from(places) }],
    );
  }

  /** The pieces with their weights; behind them, for penalized sums of several, the two terms that take the penalty away. */
  function tasksOf(pieces: readonly Piece[]): Task[] {
    const total = pieces.reduce((sum, { count }) => sum + count, 0);
    const tasks: Task[] = pieces.map(({ shard, count, batch }) => ({
      shard,
      ...(batch && { batch }),
      weight: convention.overExamples === 'mean' ? count / total : 1,
    }));
    const surplus = pieces.length - 1;
    if (!sums || !penalized || surplus < 1) return tasks;
    const { shard, batch } = pieces[0]!;
    const example = batch?.[0] ?? 0;
    return [
      ...tasks,
      { shard, batch: Int32Array.of(example), weight: -2 * surplus },
      { shard, batch: Int32Array.of(example, example), weight: surplus },
    ];
  }

  async function linearize(theta: V, batch?: BatchKey): Promise<Linearization<V>> {
    const pieces = piecesOf(batch);
    const tasks = tasksOf(pieces);
    const parts = await all(
      tasks.map(async (task) => shards[task.shard]!.linearize(theta, task.batch)),
      (part) => part.dispose(),
    );
    return joined(parts, tasks, pieces);
  }

  function joined(
    parts: readonly Linearization<V>[],
    tasks: readonly Task[],
    pieces: readonly Piece[],
  ): Linearization<V> {
    const release = (v: V) => space.release(v);
    const rows = parts.slice(0, pieces.length);
    const inexact = parts.find(({ exact }) => !exact);
    const places = pieces[0]!.places && pieces.map((piece) => piece.places!);
    const sumOf = async (product: (part: Linearization<V>) => Promise<V>) =>
      added(
        await all(
          parts.map(async (part) => product(part)),
          release,
        ),
        tasks,
      );
    const everyHas = (name: 'gaussNewtonProduct' | 'jacobianProduct' | 'jacobianTransposeProduct') =>
      parts.every((part) => part[name] !== undefined);
    let starting = 0;
    const offsets = pieces.map(({ count }) => {
      starting += count;
      return starting - count;
    });

    function rowsOf(u: Outputs, k: number): Outputs {
      const { count, places: own } = pieces[k]!;
      const { columns } = u;
      const from = offsets[k]!;
      if (!own) return { rows: count, columns, data: u.data.subarray(from * columns, (from + count) * columns) };
      const data = new Float64Array(count * columns);
      for (const [i, place] of own.entries())
        data.set(u.data.subarray(place * columns, (place + 1) * columns), i * columns);
      return { rows: count, columns, data };
    }

    async function jacobianTransposeProduct(u: Outputs): Promise<V> {
      if (u.rows !== starting) throw new RangeError(`${u.rows} rows for ${starting} examples.`);
      const terms = rows.map((part, k) => part.jacobianTransposeProduct!(rowsOf(u, k)));
      return added(
        await all(terms, release),
        rows.map(() => ({ weight: 1 })),
      );
    }

    const gradient = added(
      parts.map((part) => space.copy(part.gradient)),
      tasks,
    );
    return {
      loss: weightedSum(
        parts.map(({ loss }) => loss),
        tasks,
      ),
      gradient,
      exact: inexact === undefined,
      ...(inexact?.inexactReason !== undefined && { inexactReason: inexact.inexactReason }),
      hessianProduct: (v) => sumOf((part) => part.hessianProduct(v)),
      ...(everyHas('gaussNewtonProduct') && {
        gaussNewtonProduct: (v: V) => sumOf((part) => part.gaussNewtonProduct!(v)),
      }),
      ...(everyHas('jacobianProduct') && {
        jacobianProduct: async (v: V) =>
          joinRows(
            await all(
              rows.map((part) => part.jacobianProduct!(v)),
              () => {},
            ),
            places,
          ),
      }),
      ...(everyHas('jacobianTransposeProduct') && { jacobianTransposeProduct }),
      dispose() {
        space.release(gradient);
        for (const part of parts) part.dispose();
      },
    };
  }

  /** Σ weight × part, in their order; consumes the parts. */
  function added(parts: readonly V[], weights: readonly { readonly weight: number }[]): V {
    let sum: V | undefined;
    for (const [k, part] of parts.entries()) {
      const { weight } = weights[k]!;
      if (sum === undefined) {
        sum = weight === 1 ? part : space.scale(part, weight);
        continue;
      }
      sum = space.addScaled(sum, weight, part);
      space.release(part);
    }
    return sum ?? space.zeros();
  }

  return {
    space,
    layout,
    ...(graph && { graph }),
    convention,
    engine,
    examples,
    batches: [Int32Array.from({ length: examples }, (_, i) => i)],
    async evaluate(theta, ask = {}) {
      const pieces = piecesOf(ask.batch);
      const tasks = tasksOf(pieces);
      const evaluated = await all(
        tasks.map(async ({ shard, batch }) => {
          const { batch: _, ...wanted } = ask;
          return shards[shard]!.evaluate(theta, { ...wanted, ...(batch && { batch }), perExample: true });
        }),
        () => {},
      );
      const loss = weightedSum(
        evaluated.map((part) => part.loss),
        tasks,
      );
      const places = pieces[0]!.places && pieces.map((piece) => piece.places!);
      return joinEvaluations(evaluated.slice(0, pieces.length), loss, sums, ask.perExample === true, places);
    },
    async gradient(theta, batch) {
      const tasks = tasksOf(piecesOf(batch));
      const parts = await all(
        tasks.map(async (task) => shards[task.shard]!.gradient(theta, task.batch)),
        ({ gradient }) => space.release(gradient),
      );
      const loss = weightedSum(
        parts.map((part) => part.loss),
        tasks,
      );
      return {
        loss,
        gradient: added(
          parts.map(({ gradient }) => gradient),
          tasks,
        ),
      };
    },
    async losses(origin, directions, coefficients, batch) {
      const tasks = tasksOf(piecesOf(batch));
      const parts = await all(
        tasks.map(async (task) => shards[task.shard]!.losses(origin, directions, coefficients, task.batch)),
        () => {},
      );
      return Float64Array.from({ length: coefficients.rows }, (_, i) =>
        weightedSum(
          parts.map((part) => part[i]!),
          tasks,
        ),
      );
    },
    ...(shards.every(({ evaluations }) => evaluations !== undefined) && {
      async evaluations(origin, directions, coefficients, ask, batch) {
        const pieces = piecesOf(batch);
        const tasks = tasksOf(pieces);
        const parts = await all(
          tasks.map(async (task) =>
            shards[task.shard]!.evaluations!(origin, directions, coefficients, ask, task.batch),
          ),
          () => {},
        );
        const counted = tasks.map(({ weight }, k) => ({ weight, count: pieces[k]?.count ?? 1 }));
        return joinPointEvaluations(parts, counted, pieces.length, sums);
      },
    }),
    linearize,
    dispose() {
      for (const shard of shards) shard.dispose();
    },
  };
}

function weightedSum(values: readonly number[], weights: readonly { readonly weight: number }[]): number {
  return values.reduce((sum, value, k) => sum + weights[k]!.weight * value, 0);
}

/** The answers, once all have come; where one failed, the others are freed and the first failure is thrown. */
async function all<T>(calls: readonly Promise<T>[], free: (value: T) => void): Promise<T[]> {
  const settled = await Promise.all(
    calls.map(
      (call): Promise<Settled<T>> =>
        call.then(
          (value) => ({ value }),
          (problem: unknown) => ({ problem }),
        ),
    ),
  );
  const failed = settled.find((answer) => 'problem' in answer);
  if (failed && 'problem' in failed) {
    for (const answer of settled) if ('value' in answer) free(answer.value);
    throw failed.problem;
  }
  return settled.map((answer) => (answer as { readonly value: T }).value);
}
