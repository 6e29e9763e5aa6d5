import type { HostVector, VectorSpace } from '../../../core/linalg/vector-space.ts';
import { type Gate, Stopped } from '../../../core/objective/gate.ts';
import type { BatchKey, Linearization, Objective } from '../../../core/objective/objective.ts';
import type { ShardLinearization } from './shard-messages.ts';
import type { ShardThread } from './shard-thread.ts';
import type { SharedVector, VectorSlots } from './vector-slots.ts';

const stopWatchMs = 50;

/** What the shards of one experiment have in common. */
export interface ShardGroup {
  readonly slots: VectorSlots;
  /** Runs a call of one shard: while any runs, the gate's signal is passed on to the threads. */
  during<T>(call: () => Promise<T>): Promise<T>;
  readonly stop: SharedArrayBuffer;
  /** From now on every call throws this; what is under way stops. */
  end(problem: Error): void;
}

export function shardGroup(slots: VectorSlots, gate: Gate | null): ShardGroup {
  const stop = new SharedArrayBuffer(4);
  const flag = new Int32Array(stop);
  let running = 0;
  let ended: Error | null = null;
  let watch: NodeJS.Timeout | undefined;

  function begin(): void {
    if (running++ > 0 || gate === null) return;
    Atomics.store(flag, 0, 0);
    watch = setInterval(() => {
      if (gate.signal?.aborted) Atomics.store(flag, 0, 1);
    }, stopWatchMs);
  }

  return {
    slots,
    stop,
    end(problem) {
      ended = problem;
      Atomics.store(flag, 0, 1);
    },
    async during(call) {
      if (ended) throw ended;
      if (gate?.signal?.aborted) throw new Stopped();
      begin();
      try {
        return await call();
      } catch (problem) {
        // Shards that were stopped because one was lost failed for that reason.
        throw ended ?? problem;
      } finally {
        if (--running === 0) clearInterval(watch);
      }
    },
  };
}

/** The objective of one shard that a thread has opened; `whole` is the same loss in this thread, for what needs no computing. */
export function shardObjective(
  thread: ShardThread,
  examples: number,
  whole: Objective<HostVector>,
  { slots, during }: ShardGroup,
): Objective<HostVector> {
  const { space, layout, graph, convention, engine } = whole;

  /** Runs `call` with vectors in shared memory, which are free again when it has settled. */
  async function lending<T>(
    given: readonly HostVector[],
    results: number,
    call: (given: readonly SharedVector[], results: readonly SharedVector[]) => Promise<T>,
  ): Promise<T> {
    // In the same turn for all shards, so that they share one copy of a vector.
    const lent = given.map(slots.place);
    const taken = Array.from({ length: results }, slots.take);
    try {
      return await during(() => call(lent, taken));
    } finally {
      for (const vector of [...lent, ...taken]) slots.giveBack(vector);
    }
  }

  const withBatch = (batch: BatchKey | undefined) => (batch ? { batch } : {});

  return {
    space,
    layout,
    ...(graph && { graph }),
    convention,
    engine,
    examples,
    batches: [Int32Array.from({ length: examples }, (_, i) => i)],
    evaluate: (theta, wanted = {}) =>
      lending([theta], 0, ([at]) => thread.ask({ ask: 'evaluate', theta: at!.slot, wanted })),
    gradient: (theta, batch) =>
      lending([theta], 1, async ([at], [out]) => {
        const loss = await thread.ask({ ask: 'gradient', theta: at!.slot, into: out!.slot, ...withBatch(batch) });
        return { loss, gradient: space.fromHost(out!.values) };
      }),
    losses: (origin, directions, coefficients, batch) =>
      lending([origin, ...directions], 0, ([at, ...along]) =>
        thread.ask({
          ask: 'losses',
          origin: at!.slot,
          directions: along.map(({ slot }) => slot),
          coefficients,
          ...withBatch(batch),
        }),
      ),
    evaluations: (origin, directions, coefficients, wanted, batch) =>
      lending([origin, ...directions], 0, ([at, ...along]) =>
        thread.ask({
          ask: 'evaluations',
          origin: at!.slot,
          directions: along.map(({ slot }) => slot),
          coefficients,
          wanted,
          ...withBatch(batch),
        }),
      ),
    linearize: (theta, batch) =>
      lending([theta], 1, async ([at], [out]) => {
        const made = await thread.ask({ ask: 'linearize', theta: at!.slot, into: out!.slot, ...withBatch(batch) });
        return shardLinearization(thread, space, made, space.fromHost(out!.values), lending);
      }),
    dispose() {},
  };
}

type Lending = <T>(
  given: readonly HostVector[],
  results: number,
  call: (given: readonly SharedVector[], results: readonly SharedVector[]) => Promise<T>,
) => Promise<T>;

function shardLinearization(
  thread: ShardThread,
  space: VectorSpace<HostVector>,
  { at, loss, exact, inexactReason, products }: ShardLinearization,
  gradient: HostVector,
  lending: Lending,
): Linearization<HostVector> {
  const product = (ask: 'hessianProduct' | 'gaussNewtonProduct') => (v: HostVector) =>
    lending([v], 1, async ([given], [out]) => {
      await thread.ask({ ask, at, v: given!.slot, into: out!.slot });
      return space.fromHost(out!.values);
    });
  return {
    loss,
    gradient,
    exact,
    ...(inexactReason !== undefined && { inexactReason }),
    hessianProduct: product('hessianProduct'),
    ...(products.includes('gaussNewtonProduct') && { gaussNewtonProduct: product('gaussNewtonProduct') }),
    ...(products.includes('jacobianProduct') && {
      jacobianProduct: (v: HostVector) =>
        lending([v], 0, ([given]) => thread.ask({ ask: 'jacobianProduct', at, v: given!.slot })),
    }),
    ...(products.includes('jacobianTransposeProduct') && {
      jacobianTransposeProduct: (u) =>
        lending([], 1, async (_, [out]) => {
          const rows = { ...u, data: u.data.slice() };
          await thread.ask({ ask: 'jacobianTransposeProduct', at, u: rows, into: out!.slot });
          return space.fromHost(out!.values);
        }),
    }),
    dispose() {
      space.release(gradient);
      thread.tell({ kind: 'forget', at });
    },
  };
}
