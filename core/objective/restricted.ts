import { columnsOfBlock } from '../linalg/operators/block-of-operator.ts';
import type { HostVector, VectorSpace } from '../linalg/vector-space.ts';
import { chosenBlocks } from './chosen-blocks.ts';
import type { LayerGraph } from './layer-graph.ts';
import type { BatchKey, Linearization, Objective } from './objective.ts';
import { type ParameterBlock, parameterLayout } from './parameter-layout.ts';

/**
 * L as a function of some blocks of θ only, the others fixed at `at`: with E the embedding of those blocks,
 * L_r(t) = L(at + E(t − Eᵀ at)), ∇L_r = Eᵀ∇L, and its Hessian EᵀHE is a diagonal block of H. Blocks keep the order of
 * the layout. A Hessian product costs that of these blocks alone where the objective has it; any other, one product of
 * the whole and copies of θ's length through the host.
 *
 * `makeSpace` gives the space of the smaller dimension. The objective inside stays its owner's: `dispose` does not end
 * it, so several restrictions may share it. BadInput for a block that the layout does not have.
 */
export async function restrictedObjective<V, W>(
  objective: Objective<V>,
  blocks: readonly string[],
  at: V,
  makeSpace: (dim: number) => VectorSpace<W>,
): Promise<Objective<W>> {
  const chosen = chosenBlocks(objective.layout, blocks);
  const dim = chosen.reduce((sum, block) => sum + block.size, 0);
  return restrict(objective, chosen, await objective.space.toHost(at), makeSpace(dim), () => {});
}

/** Weights outside the chosen blocks are frozen here. */
function restrictedGraph(graph: LayerGraph, chosen: readonly ParameterBlock[]): LayerGraph {
  const kept = new Set(chosen.map((block) => block.name));
  const nodes = graph.nodes.map((node) => ({
    ...node,
    weights: node.weights.map((weight) =>
      weight.block === null || kept.has(weight.block) ? weight : { ...weight, block: null, frozen: true },
    ),
  }));
  return { ...graph, nodes };
}

function restrict<V, W>(
  objective: Objective<V>,
  chosen: readonly ParameterBlock[],
  fixed: Float64Array,
  space: VectorSpace<W>,
  dispose: () => void,
): Objective<W> {
  const whole = objective.space;

  /** θ, or a direction when `around` is zero, of the whole. */
  async function embed(w: W, around: Float64Array): Promise<V> {
    const full = around.slice();
    const part = await space.toHost(w);
    let from = 0;
    for (const { offset, size } of chosen) {
      full.set(part.subarray(from, from + size), offset);
      from += size;
    }
    return whole.fromHost(full);
  }

  /** Eᵀ v. */
  async function extract(v: V): Promise<W> {
    const full: HostVector = await whole.toHost(v);
    const part = new Float64Array(space.dim);
    let to = 0;
    for (const { offset, size } of chosen) {
      part.set(full.subarray(offset, offset + size), to);
      to += size;
    }
    return space.fromHost(part);
  }

  async function extractAndRelease(v: V): Promise<W> {
    const part = await extract(v);
    whole.release(v);
    return part;
  }

  async function withEmbedded<T>(w: W, around: Float64Array, work: (full: V) => Promise<T>): Promise<T> {
    const full = await embed(w, around);
    try {
      return await work(full);
    } finally {
      whole.release(full);
    }
  }

  const names = chosen.map((block) => block.name);
  /** In the precision of the whole. */
  const hostOf = async (w: W): Promise<HostVector> => {
    const values = await space.toHost(w);
    return whole.precision === 'float64' ? values : Float32Array.from(values);
  };

  const noDirection = new Float64Array(whole.dim);
  const along = <T>(w: W, work: (full: V) => Promise<T>) => withEmbedded(w, noDirection, work);

  const onEmbeddedPlane = <T>(
    origin: W,
    directions: readonly W[],
    work: (origin: V, directions: readonly V[]) => Promise<T>,
  ): Promise<T> =>
    withEmbedded(origin, fixed, async (full) => {
      const embedded: V[] = [];
      try {
        for (const direction of directions) embedded.push(await embed(direction, noDirection));
        return await work(full, embedded);
      } finally {
        whole.release(...embedded);
      }
    });

  async function linearize(theta: W, batch?: BatchKey): Promise<Linearization<W>> {
    const point = await embed(theta, fixed); // lives as long as the linearization, which may look at it again
    const inner = await objective.linearize(point, batch);
    const { loss, exact, inexactReason } = inner;
    const gradient = await extract(inner.gradient);
    return {
      loss,
      gradient,
      exact,
      ...(inexactReason !== undefined && { inexactReason }),
      hessianProduct: inner.blockHessianProduct
        ? async (v) => space.fromHost(await inner.blockHessianProduct!(names, await hostOf(v)))
        : (v) => along(v, async (full) => extractAndRelease(await inner.hessianProduct(full))),
      ...(inner.hessianColumns && {
        hessianColumns: (from: number, to: number) =>
          columnsOfBlock((...span) => inner.hessianColumns!(...span), chosen, whole.dim, from, to),
      }),
      ...(inner.gaussNewtonProduct && {
        gaussNewtonProduct: (v: W) =>
          along(v, async (full) => extractAndRelease(await inner.gaussNewtonProduct!(full))),
      }),
      ...(inner.jacobianProduct && {
        jacobianProduct: (v: W) => along(v, (full) => inner.jacobianProduct!(full)),
      }),
      ...(inner.jacobianTransposeProduct && {
        jacobianTransposeProduct: async (u) => extractAndRelease(await inner.jacobianTransposeProduct!(u)),
      }),
      dispose() {
        space.release(gradient);
        inner.dispose();
        whole.release(point);
      },
    };
  }

  return {
    space,
    layout: parameterLayout(chosen),
    ...(objective.graph && { graph: restrictedGraph(objective.graph, chosen) }),
    convention: objective.convention,
    engine: objective.engine,
    examples: objective.examples,
    batches: objective.batches,
    evaluate: (theta, ask) => withEmbedded(theta, fixed, (full) => objective.evaluate(full, ask)),
    gradient: (theta, batch) =>
      withEmbedded(theta, fixed, async (full) => {
        const { loss, gradient } = await objective.gradient(full, batch);
        return { loss, gradient: await extractAndRelease(gradient) };
      }),
    losses: (origin, directions, coefficients, batch) =>
      onEmbeddedPlane(origin, directions, (...plane) => objective.losses(...plane, coefficients, batch)),
    ...(objective.evaluations && {
      evaluations: (origin, directions, coefficients, ask, batch) =>
        onEmbeddedPlane(origin, directions, (...plane) => objective.evaluations!(...plane, coefficients, ask, batch)),
    }),
    linearize,
    ...(objective.withData && {
      withData: (data) => {
        const other = objective.withData!(data);
        return restrict(other, chosen, fixed, space, () => other.dispose());
      },
    }),
    dispose,
  };
}
