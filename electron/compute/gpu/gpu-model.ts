import { type AnyDataset, isChunked } from '../../../core/data/dataset.ts';
import { hostFloat32Space } from '../../../core/linalg/spaces/float32-space.ts';
import type { HostVector, VectorSpace } from '../../../core/linalg/vector-space.ts';
import type { Gate } from '../../../core/objective/gate.ts';
import type { BatchKey, Linearization, Objective } from '../../../core/objective/objective.ts';
import type { ModelOfExperiment, OpenedModel } from '../tensor-model.ts';
import type { GpuConnection } from './gpu-connection.ts';
import type { GpuLinearization, GpuModel, GpuObjective, SentData } from './gpu-messages.ts';

/** Where something is that the other side holds. */
type At<T> = T & { readonly connection: GpuConnection };

/** What was opened on the other side; opened again where that has ended since. */
interface Held<T> {
  get(): Promise<At<T>>;
  /** What is held now, without opening anything. */
  readonly current: At<T> | null;
}

function held<T>(open: () => Promise<At<T>>): Held<T> {
  let current: At<T> | null = null;
  let opening: Promise<At<T>> | null = null;
  return {
    async get() {
      if (current !== null && !current.connection.ended) return current;
      opening ??= open().finally(() => {
        opening = null;
      });
      current = await opening;
      return current;
    },
    get current() {
      return current;
    },
  };
}

function sent(connection: GpuConnection, data: AnyDataset): SentData {
  if (!isChunked(data)) return data;
  const { rows, ...rest } = data;
  return { ...rest, rows: connection.lendRows(rows) };
}

const withBatch = (batch: BatchKey | undefined) => (batch ? { batch } : {});

export interface GpuModelOptions {
  readonly model: ModelOfExperiment;
  readonly data: AnyDataset;
  readonly seed: number;
  readonly gate: Gate;
  /** A road that is open; called again when the last one has ended. */
  connect(): Promise<GpuConnection>;
}

/**
 * `tensorModel` on a GPU that another process has: the same numbers up to the rounding of the engine. Vectors live here;
 * model, data and linearizations there. Where the other side ends, what is under way fails with BadInput, and the next
 * call opens everything again.
 */
export async function gpuModel({ model, data, seed, gate, connect }: GpuModelOptions): Promise<OpenedModel> {
  const home = held<GpuModel>(async () => {
    const connection = await connect();
    const opened = await connection.ask({ ask: 'open', model, data: sent(connection, data), seed }, gate);
    return { ...opened, connection };
  });
  const told = await home.get();
  const { initialTheta, tfjs } = told;
  const space = hostFloat32Space(told.layout.dim) as VectorSpace<HostVector>;
  const shared = { space, gate, told };
  return {
    objective: objectiveThere(home, data, shared),
    initialTheta,
    tfjs,
    async settle(theta) {
      const { connection, model: number } = await home.get();
      await connection.ask({ ask: 'settle', of: number, theta }, gate);
    },
    onTestSet(test) {
      const there = held<GpuObjective>(async () => {
        const { connection, model: number } = await home.get();
        return {
          ...(await connection.ask({ ask: 'test', of: number, data: sent(connection, test) }, gate)),
          connection,
        };
      });
      // A test set is never swapped for another one.
      const { withData: _, ...objective } = objectiveThere(there, test, shared);
      return objective;
    },
    dispose() {
      const { current } = home;
      current?.connection.forget('model', current.model);
    },
  };
}

interface Shared {
  readonly space: VectorSpace<HostVector>;
  readonly gate: Gate;
  readonly told: GpuObjective;
}

/** The objective with its data there, in vectors here. */
function objectiveThere(there: Held<GpuObjective>, data: AnyDataset, shared: Shared): Objective<HostVector> {
  const { space, gate, told } = shared;
  const { layout, graph, convention, engine } = told;
  const { examples } = data;
  return {
    space,
    layout,
    ...(graph && { graph }),
    convention,
    engine,
    examples,
    batches: [Int32Array.from({ length: examples }, (_, i) => i)],
    async evaluate(theta, wanted = {}) {
      const { connection, objective: of } = await there.get();
      return connection.ask({ ask: 'evaluate', of, theta, wanted }, gate);
    },
    async gradient(theta, batch) {
      const { connection, objective: of } = await there.get();
      const { loss, gradient } = await connection.ask({ ask: 'gradient', of, theta, ...withBatch(batch) }, gate);
      return { loss, gradient: space.fromHost(gradient) };
    },
    async losses(origin, directions, coefficients, batch) {
      const { connection, objective: of } = await there.get();
      const question = { ask: 'losses', of, origin, directions, coefficients, ...withBatch(batch) } as const;
      return connection.ask(question, gate);
    },
    async evaluations(origin, directions, coefficients, wanted, batch) {
      const { connection, objective: of } = await there.get();
      const question = {
        ask: 'evaluations',
        of,
        origin,
        directions,
        coefficients,
        wanted,
        ...withBatch(batch),
      } as const;
      return connection.ask(question, gate);
    },
    async linearize(theta, batch) {
      const { connection, objective: of } = await there.get();
      const made = await connection.ask({ ask: 'linearize', of, theta, ...withBatch(batch) }, gate);
      return linearizationThere(connection, made, shared);
    },
    withData(other) {
      const moved = held<GpuObjective>(async () => {
        const { connection, objective: of } = await there.get();
        const question = { ask: 'withData', of, data: sent(connection, other) } as const;
        return { ...(await connection.ask(question, gate)), connection };
      });
      return objectiveThere(moved, other, shared);
    },
    dispose() {
      const { current } = there;
      current?.connection.forget('objective', current.objective);
    },
  };
}

function linearizationThere(
  connection: GpuConnection,
  { at, loss, gradient: sentGradient, exact, inexactReason, products }: GpuLinearization,
  { space, gate }: Shared,
): Linearization<HostVector> {
  const gradient = space.fromHost(sentGradient);
  const product = (ask: 'hessianProduct' | 'gaussNewtonProduct') => async (v: HostVector) =>
    space.fromHost(await connection.ask({ ask, at, v }, gate));
  return {
    loss,
    gradient,
    exact,
    ...(inexactReason !== undefined && { inexactReason }),
    hessianProduct: product('hessianProduct'),
    ...(products.includes('gaussNewtonProduct') && { gaussNewtonProduct: product('gaussNewtonProduct') }),
    ...(products.includes('jacobianProduct') && {
      jacobianProduct: (v: HostVector) => connection.ask({ ask: 'jacobianProduct', at, v }, gate),
    }),
    ...(products.includes('jacobianTransposeProduct') && {
      jacobianTransposeProduct: async (u) =>
        space.fromHost(await connection.ask({ ask: 'jacobianTransposeProduct', at, u }, gate)),
    }),
    dispose() {
      space.release(gradient);
      connection.forget('linearization', at);
    },
  };
}
