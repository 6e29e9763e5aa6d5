import type { Matrix } from '../../linalg/matrix.ts';
import type { LossName } from '../../objective/loss-convention.ts';
import type { Linearization, Objective, Outputs } from '../../objective/objective.ts';
import { outputCurvatureProduct, softmaxRows } from '../../objective/output-losses.ts';
import type { BlockMatrix } from './block-matrix.ts';
import { readKfacExample } from './kfac-example.ts';
import { type KfacLayer, kfacLayers, type LeftOut } from './kfac-layers.ts';

/** The factors of one layer: its block of G is approximated by inputs ⊗ outputs. */
export interface KfacFactors {
  readonly layer: string;
  readonly offset: number;
  /** A = E[a aᵀ], (inputs + 1)². */
  readonly inputs: Matrix;
  /** B, units², with what the loss multiplies Σᵢ by. */
  readonly outputs: Matrix;
  /** Examples of which no output sees the layer: they have no part in A. */
  readonly unseen: number;
}

export interface Kfac {
  readonly factors: readonly KfacFactors[];
  readonly notCovered: readonly LeftOut[];
  readonly products: number;
  readonly gradients: number;
}

/** Relative deviations that rounding explains. */
const tolerances = { float64: 1e-8, float32: 1e-2 } as const;

/**
 * K-FAC (Martens, Grosse 2015): the block of G of each dense layer as A ⊗ B. A = E[a aᵀ] with a the inputs of the layer
 * and a 1 for the bias; B = E[Σ_{cd} 𝒜_{cd} g_c g_dᵀ] with g_c the derivative of output c in what the layer puts out
 * before its activation, and 𝒜 the Hessian of the loss in the outputs. For cross-entropy that is E[g gᵀ] over labels
 * of the model's own distribution, summed exactly where the paper samples them.
 *
 * No access to layers is needed: of a single example, Jᵢᵀe_c has g_c in the bias and a g_cᵀ in the kernel. Layers where
 * that is not so are left out by name. `outputs` are those of the examples `keys`, in their order.
 *
 * Cost: a gradient and C products with Jᵀ of single examples, `keys.length` times. `cancelled` where `signal` asked to
 * stop; `dependent` where the single examples do not add up to the batch (batch normalisation in training mode).
 */
export async function kfacFactors<V>(
  objective: Objective<V>,
  theta: V,
  outputs: Outputs,
  keys: Int32Array,
  signal: { readonly aborted: boolean } | undefined,
  onExample: (done: number, total: number) => void,
): Promise<Kfac | 'cancelled' | 'dependent'> {
  const { space, layout, convention } = objective;
  const { covered, notCovered } = kfacLayers(layout);
  const tol = tolerances[space.precision];
  const curvatures = outputCurvatures(convention.loss as LossName, outputs);
  const all = covered.map(emptySums);
  const failed = new Set<Sums>();
  const total = new Float64Array(space.dim);
  if (covered.length === 0) return { factors: [], notCovered, products: 0, gradients: 0 };
  for (let i = 0; i < keys.length; i++) {
    if (signal?.aborted) return 'cancelled';
    const rows = await jacobianRows(objective, theta, Int32Array.of(keys[i]!), outputs.columns);
    for (const row of rows) for (let j = 0; j < total.length; j++) total[j]! += row[j]!;
    for (const sums of all) if (!failed.has(sums) && !addExample(sums, rows, curvatures(i), tol)) failed.add(sums);
    onExample(i + 1, keys.length);
  }
  if (!(await addsUp(objective, theta, keys, outputs, total, tol))) return 'dependent';
  const scale = convention.overExamples === 'sum' ? objective.examples : 1;
  const reason = 'its gradients of single examples are not of rank one: it is applied in several places';
  return {
    factors: all.filter((sums) => !failed.has(sums)).map((sums) => factorsOf(sums, keys.length, scale)),
    notCovered: [...notCovered, ...[...failed].map(({ layer: { layer } }) => ({ layer, reason }))],
    products: keys.length * outputs.columns + 1,
    gradients: keys.length + 1,
  };
}

/** The covered layers' blocks A ⊗ B, and `substitute`'s for the other layers. */
export function kfacMatrix({ factors }: Kfac, substitute: BlockMatrix): BlockMatrix {
  const blocks = substitute.blocks.map((block) => {
    const own = factors.find(({ offset }) => offset === block.offset);
    return own === undefined ? block : { offset: block.offset, matrix: kronecker(own.inputs, own.outputs) };
  });
  return { dim: substitute.dim, blocks };
}

/** A ⊗ B: entry ((i, u), (j, v)) is A_{ij} B_{uv}. */
export function kronecker(a: Matrix, b: Matrix): Matrix {
  const rows = a.rows * b.rows;
  const data = new Float64Array(rows * rows);
  for (let i = 0; i < a.rows; i++) {
    for (let u = 0; u < b.rows; u++) {
      let at = (i * b.rows + u) * rows;
      for (let j = 0; j < a.rows; j++) {
        const factor = a.data[i * a.rows + j]!;
        for (let v = 0; v < b.rows; v++) data[at++] = factor * b.data[u * b.rows + v]!;
      }
    }
  }
  return { rows, columns: rows, data };
}

/** Jᵀe_c of a batch for every output c, on the host. */
async function jacobianRows<V>(
  objective: Objective<V>,
  theta: V,
  key: Int32Array,
  classes: number,
): Promise<Float64Array[]> {
  const linearization = await objective.linearize(theta, key);
  try {
    const rows: Float64Array[] = [];
    for (let c = 0; c < classes; c++) {
      const data = Float64Array.from({ length: key.length * classes }, (_, at) => (at % classes === c ? 1 : 0));
      rows.push(await hostProduct(objective.space, linearization, { rows: key.length, columns: classes, data }));
    }
    return rows;
  } finally {
    linearization.dispose();
  }
}

async function hostProduct<V>(
  space: Objective<V>['space'],
  linearization: Linearization<V>,
  u: Outputs,
): Promise<Float64Array> {
  const product = await linearization.jacobianTransposeProduct!(u);
  const host = await space.toHost(product);
  space.release(product);
  return Float64Array.from(host);
}

/** Whether the examples by themselves give the Jᵀ1 of the batch. */
async function addsUp<V>(
  objective: Objective<V>,
  theta: V,
  keys: Int32Array,
  { rows, columns }: Outputs,
  total: Float64Array,
  tol: number,
): Promise<boolean> {
  const linearization = await objective.linearize(theta, keys);
  try {
    const ones = new Float64Array(rows * columns).fill(1);
    const whole = await hostProduct(objective.space, linearization, { rows, columns, data: ones });
    const size = largestEntry(whole) + largestEntry(total);
    return whole.every((entry, j) => Math.abs(entry - total[j]!) <= tol * size);
  } finally {
    linearization.dispose();
  }
}

/** The C × C Hessian of the loss in the outputs of row i. */
function outputCurvatures(loss: LossName, { rows, columns, data }: Outputs): (i: number) => Float64Array {
  const probabilities = data.slice();
  softmaxRows(probabilities, rows, columns);
  return (i) => {
    const own = probabilities.subarray(i * columns, (i + 1) * columns);
    const matrix = new Float64Array(columns * columns);
    for (let c = 0; c < columns; c++) {
      const row = matrix.subarray(c * columns, (c + 1) * columns);
      row[c] = 1;
      outputCurvatureProduct(loss, own, row, columns, 1);
    }
    return matrix;
  };
}

interface Sums {
  readonly layer: KfacLayer;
  readonly inputs: Float64Array;
  readonly outputs: Float64Array;
  seen: number;
}

function emptySums(layer: KfacLayer): Sums {
  const [inputs = 0, units = 0] = layer.kernel.shape;
  return { layer, inputs: new Float64Array((inputs + 1) ** 2), outputs: new Float64Array(units ** 2), seen: 0 };
}

/** Adds a aᵀ and Σ_{cd} 𝒜_{cd} g_c g_dᵀ of an example; false where its rows are not of rank one. */
function addExample(sums: Sums, rows: readonly Float64Array[], curvature: Float64Array, tol: number): boolean {
  const example = readKfacExample(sums.layer, rows, tol);
  if (example === null) return false;
  const { inputs, gradients } = example;
  if (inputs !== null) {
    addOuter(sums.inputs, inputs, inputs);
    sums.seen++;
  }
  for (const [c, g] of gradients.entries()) {
    const weighted = new Float64Array(g.length);
    for (const [d, other] of gradients.entries()) {
      const weight = curvature[c * gradients.length + d]!;
      for (let u = 0; u < weighted.length; u++) weighted[u]! += weight * other[u]!;
    }
    addOuter(sums.outputs, g, weighted);
  }
  return true;
}

const largestEntry = (x: Float64Array): number => x.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);

function addOuter(onto: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < x.length; i++) {
    if (x[i] === 0) continue;
    for (let j = 0; j < y.length; j++) onto[i * y.length + j]! += x[i]! * y[j]!;
  }
}

function factorsOf({ layer, inputs, outputs, seen }: Sums, examples: number, scale: number): KfacFactors {
  const [size = 0, units = 0] = layer.kernel.shape;
  const matrix = (n: number, data: Float64Array, factor: number): Matrix => {
    return { rows: n, columns: n, data: data.map((entry) => factor * entry) };
  };
  return {
    layer: layer.layer,
    offset: layer.kernel.offset,
    inputs: matrix(size + 1, inputs, 1 / Math.max(1, seen)),
    outputs: matrix(units, outputs, scale / examples),
    unseen: examples - seen,
  };
}
