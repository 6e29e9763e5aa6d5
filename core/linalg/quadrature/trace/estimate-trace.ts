import type { LinearOperator } from '../../linear-operator.ts';
import type { Result } from '../../result.ts';
import { hutchPlusPlusTrace } from './hutch-plus-plus.ts';
import { hutchinsonTrace } from './hutchinson.ts';
import type { TraceEstimate, TraceMethod, TraceOptions } from './trace-estimate.ts';
import { xtrace } from './xtrace.ts';

/**
 * The trace by a method of choice. Hutchinson's needs no memory and suits flat spectra; Hutch++ and XTrace take large
 * eigenvalues out first and need some vectors of memory; XTrace needs fewest products where the spectrum falls steeply.
 */
export function estimateTrace<V>(
  method: TraceMethod,
  operator: LinearOperator<V>,
  options: TraceOptions,
): Promise<Result<TraceEstimate>> {
  if (method === 'hutch++') return hutchPlusPlusTrace(operator, options);
  return method === 'xtrace' ? xtrace(operator, options) : hutchinsonTrace(operator, options);
}
