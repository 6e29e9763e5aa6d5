/** How a computation ended. Non-convergence and NaN are results; exceptions are for programmers' errors and bad input. */
export type Status =
  | 'converged'
  | 'budgetSpent'
  | 'invariantSubspace'
  | 'stagnated'
  | 'diverged'
  | 'notFinite'
  | 'notSymmetric'
  | 'cancelled';

/** What was spent, counted where it is spent: Hessian (or other operator) products, gradients, loss evaluations. */
export interface Stats {
  readonly products: number;
  readonly gradients: number;
  readonly losses: number;
  readonly seconds: number;
}

export interface Result<T> {
  readonly value: T;
  readonly status: Status;
  readonly stats: Stats;
}

/** One sentence a status: what it means and what to do. */
export const statusAdvice: Readonly<Record<Status, string>> = {
  converged: 'The wanted accuracy was reached.',
  budgetSpent: 'The budget ended before the wanted accuracy: allow more products or accept the stated residual.',
  invariantSubspace:
    'The Krylov space closed: its Ritz pairs are exact, and a new random start would show further copies of multiple eigenvalues.',
  stagnated:
    'Further work no longer improves the result: the floor of this precision is reached; use float64 for more.',
  diverged: 'The iteration left every bound: use a smaller step.',
  notFinite: 'A value that is not a number appeared: check the parameters and the data for NaN and infinity.',
  notSymmetric:
    'The operator is not symmetric within its precision: its gradient is wrong or random, run the check of the model.',
  cancelled: 'The work was cancelled; what is shown was finished before.',
};

/** Worst last. */
const severity: readonly Status[] = [
  'converged',
  'invariantSubspace',
  'stagnated',
  'budgetSpent',
  'cancelled',
  'diverged',
  'notSymmetric',
  'notFinite',
];

/** The status of a whole is that of its worst part; `converged` where no part was asked for (null). */
export function worstStatus(statuses: readonly (Status | null)[]): Status {
  const ranks = statuses.map((status) => (status === null ? 0 : severity.indexOf(status)));
  return severity[Math.max(0, ...ranks)]!;
}
