import type { LinearOperator } from '../../linear-operator.ts';
import type { Result } from '../../result.ts';
import {
  drawSamples,
  levelAfterStop,
  probeLimit,
  type TraceEstimate,
  type TraceOptions,
  traceResult,
} from './trace-estimate.ts';

/**
 * tr A = E zᵀAz for independent entries of z with mean 0 and variance 1 (Hutchinson 1990), for any square operator.
 * Unbiased; the variance a probe is 2 Σ_{i≠j} aᵢⱼ² for ±1 and 2 ‖A‖_F² for normal entries (A symmetric).
 * Cost: one product a probe.
 *
 * Probe k depends on the generator's key and k only, so that more probes continue the same sequence. The interval is that
 * of `meanInterval`: over 300 seeds on spectra that fall, are flat, indefinite or have a single spike it held in 92 to 98 of
 * 100 at 30 probes. With a tolerance see `stoppingRule`.
 *
 * Status: `converged` (all probes done, or the wanted standard error reached), `budgetSpent` (it was not reached),
 * `notFinite`, `cancelled`: the estimate is then over the probes before.
 *
 * @example
 * const { value } = await hutchinsonTrace(hessian, { probes: 30, rng: randomFromSeed(1) });
 */
export async function hutchinsonTrace<V>(
  operator: LinearOperator<V>,
  options: TraceOptions,
): Promise<Result<TraceEstimate>> {
  const began = performance.now();
  const { space } = operator;
  const limit = probeLimit(options, 1, 30, 1000);
  let products = 0;
  let sum = 0;
  const drawn = await drawSamples(options, limit, async (probe) => {
    const z = space.random(options.rng.split(`trace probe ${probe}`), options.distribution ?? 'rademacher');
    const product = await operator.apply(z);
    const [sample] = await space.dots([z], product);
    space.release(z, product);
    products++;
    sum += sample!;
    if (Number.isFinite(sample)) options.onProgress?.({ products, limit, value: sum / products });
    return sample!;
  });
  return traceResult('hutchinson', drawn, products, began, levelAfterStop(options));
}
