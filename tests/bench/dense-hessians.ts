import { denseMatrix } from '../../core/linalg/dense/dense-symmetric.ts';
import { hessianOperator } from '../../core/objective/curvature/hessian.ts';
import { chainProblem } from '../support/dense-chain.ts';

export interface DenseHessianRow {
  readonly parameters: number;
  readonly examples: number;
  /** Microseconds a column of the whole matrix, one product after another and by the columns of the linearization. */
  readonly byProducts: number;
  readonly byColumns: number;
  readonly ratio: number;
}

/** Widths, examples, rounds. */
const plan: readonly (readonly [readonly number[], number, number])[] = [
  [[6, 6, 6], 48, 40],
  [[22, 20, 1], 20, 8],
  [[64, 32, 10], 200, 2],
];

/** Dense Hessians of small chains of tanh layers both ways, in turn: the least times of some rounds. */
export async function denseHessians(): Promise<DenseHessianRow[]> {
  const rows: DenseHessianRow[] = [];
  for (const [widths, examples, rounds] of plan) {
    const { objective, theta, data } = chainProblem('tanh', 'halfSquaredError', 'mean', widths);
    const batch = Int32Array.from({ length: examples }, (_, i) => i % data.examples);
    const linearization = await objective.linearize(theta, batch);
    const operator = hessianOperator(objective.space, linearization);
    const { columns: _, ...single } = operator;
    const [products, columns]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      products.push((await denseMatrix(single)).stats.seconds);
      // A linearization keeps what the columns share: a new one pays for it again, as a search does.
      const fresh = await objective.linearize(theta, batch);
      columns.push((await denseMatrix(hessianOperator(objective.space, fresh))).stats.seconds);
      fresh.dispose();
    }
    linearization.dispose();
    const parameters = theta.length;
    const [byProducts, byColumns] = [products, columns].map((s) => (1e6 * Math.min(...s)) / parameters) as [
      number,
      number,
    ];
    rows.push({ parameters, examples, byProducts, byColumns, ratio: byProducts / byColumns });
  }
  return rows;
}
