import { expect, it } from 'vitest';
import type { SearchedPoint } from '../../../../core/analyses/saddles/saddle.ts';
import type { SaddlesDocument } from '../../../../core/experiment/result-documents.ts';
import { saddlesLines } from '../../../../electron/cli/documents/saddles-lines.ts';
import { searchedPoint } from '../../../support/searched-point.ts';

const textOf = (points: readonly SearchedPoint[], exact: SaddlesDocument['exact'] = null): string =>
  saddlesLines({
    ...{ experiment: 'surface', points, exact, finder: 'levenberg-marquardt', from: 'random', starts: points.length },
    ...{ dim: 2, engine: 'closed form', precision: 'float64', status: 'converged', advice: '', warnings: [] },
    ...{ convention: { formula: 'L(θ)' }, stats: { products: 1, gradients: 1, losses: 0, seconds: 0 } },
  } as unknown as SaddlesDocument).join('\n');

/** ρ from x³ − 3xy² at 0: L = ρ³, ‖∇L‖ = 3ρ², λ = ±6ρ. */
const besideMonkeySaddle = (number: number, rho: number) =>
  searchedPoint(number, {
    ...{ loss: rho ** 3, gradientNormSquared: 9 * rho ** 4, norm: rho, certified: false, proof: null, residual: 0 },
    index: { negative: 0, null: 2, positive: 0, tolerance: 12 * rho, method: 'dense', standardError: null },
    ...{ lowest: { value: -6 * rho, errorBound: 0 }, highest: { value: 6 * rho, errorBound: 0 } },
  });

it('finds a critical set whose loss is zero, and counts sets and points as one does', () => {
  const set = { modes: [], loss: 0, negative: 0, null: 2, positive: 0 };
  expect(textOf([besideMonkeySaddle(0, 8e-9)], [set])).toContain(
    'In closed form there is 1 critical set; 1 of them was found, and 1 of the 1 point lies on the list.',
  );
  const other = { ...set, loss: -1, negative: 1 };
  expect(textOf([besideMonkeySaddle(0, 8e-9), searchedPoint(1, { loss: 4 })], [set, other])).toContain(
    'In closed form there are 2 critical sets; 1 of them was found, and 1 of the 2 points lie on the list.',
  );
});

it('says what gradient-flat means, and “stationary” only of what was found to be', () => {
  const flat = (number: number, reason: SearchedPoint['reason']) =>
    searchedPoint(number, { verdict: 'gradientFlat', certified: false, residual: 0.99, reason });
  const plain = textOf([flat(0, 'noProgress')]);
  expect(plain).toContain('∇L lies to r > 0.9 in the flat directions of H (|λ| ≤ 1e-4 |λ|max).');
  expect(plain).not.toContain('stationary');
  expect(textOf([flat(0, 'noProgress'), flat(1, 'stationary')])).toContain('stationary (‖H∇L‖ has vanished) at 1 of');
  expect(textOf([searchedPoint(0)])).not.toContain('Gradient-flat');
});

it('prints the count of a quadrature with its digits and error', () => {
  const index = { negative: 41.37, null: 7.2, positive: 51.43, tolerance: 1e-3, method: 'quadrature' as const };
  const text = textOf([searchedPoint(0, { certified: false, index: { ...index, standardError: 0.62 } })]);
  expect(text).toMatch(/≈41\.37 ± 0\.62 +7 /);
});
