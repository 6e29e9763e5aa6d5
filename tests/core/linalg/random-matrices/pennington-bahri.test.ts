import { describe, expect, it, test } from 'vitest';
import { symmetricEigenvalues } from '../../../../core/linalg/dense/dense-symmetric.ts';
import { gaussianOrthogonalEnsemble } from '../../../../core/linalg/random-matrices/gaussian-orthogonal-ensemble.ts';
import { marchenkoPasturDensity } from '../../../../core/linalg/random-matrices/marchenko-pastur-law.ts';
import {
  type PenningtonBahri,
  penningtonBahriCriticalEnergy,
  penningtonBahriDensity,
  penningtonBahriEdges,
  penningtonBahriIndexFraction,
} from '../../../../core/linalg/random-matrices/pennington-bahri.ts';
import { semicircleDensity } from '../../../../core/linalg/random-matrices/semicircle-law.ts';
import { wishartEnsemble } from '../../../../core/linalg/random-matrices/wishart-ensemble.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

function moment(model: PenningtonBahri, power: number): number {
  const { lower, upper } = penningtonBahriEdges(model);
  const steps = 20_000;
  const half = (upper - lower) / 2;
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    const t = ((i + 0.5) * Math.PI) / steps;
    const z = lower + half * (1 - Math.cos(t));
    sum += z ** power * penningtonBahriDensity(z, model) * half * Math.sin(t);
  }
  return (sum * Math.PI) / steps;
}

const aspects = [1 / 16, 1 / 8, 1 / 4, 1 / 2];

describe('A3: the Hessian of Pennington and Bahri', () => {
  test.each(aspects)(
    'A3: at φ = %f the density integrates to 1 within 1e-3, with moments 1 and 1 + φ + 2ε',
    (aspect) => {
      for (const ratio of [0.5, 1, 2, 10]) {
        const model = { aspect, energy: ratio * penningtonBahriCriticalEnergy(aspect) };
        expect(Math.abs(moment(model, 0) - 1)).toBeLessThan(1e-6);
        expect(Math.abs(moment(model, 1) - 1)).toBeLessThan(1e-6);
        expect(Math.abs(moment(model, 2) - (1 + aspect + 2 * model.energy))).toBeLessThan(1e-6);
      }
    },
  );

  test.each(aspects)(
    'A3: at φ = %f and ε = 2ε_c a sampled Wishart + Wigner has the index fraction within 0.01',
    (aspect) => {
      const n = 400;
      const energy = 2 * penningtonBahriCriticalEnergy(aspect);
      const h = wishartEnsemble(n, n / aspect, randomFromSeed(1)).data;
      const wigner = gaussianOrthogonalEnsemble(n, randomFromSeed(2)).data;
      const data = h.map((entry, i) => entry + Math.sqrt(2 * energy) * wigner[i]!);
      const values = symmetricEigenvalues({ rows: n, columns: n, data });
      const sampled = values.filter((value) => value < 0).length / n;
      const alpha = penningtonBahriIndexFraction({ energy, aspect });
      expect(alpha).toBeGreaterThan(0.015);
      expect(Math.abs(sampled - alpha)).toBeLessThan(0.01);
    },
  );

  test.each(aspects)('A3: at φ = %f the index fraction rises as (ε/ε_c − 1)^{3/2}, slope within 0.05', (aspect) => {
    const critical = penningtonBahriCriticalEnergy(aspect);
    const log = (excess: number) => Math.log(penningtonBahriIndexFraction({ aspect, energy: critical * (1 + excess) }));
    const excesses = [0.01, 0.02, 0.04];
    for (let i = 0; i + 1 < excesses.length; i++) {
      const slope = (log(excesses[i + 1]!) - log(excesses[i]!)) / Math.log(excesses[i + 1]! / excesses[i]!);
      expect(Math.abs(slope - 1.5)).toBeLessThan(0.05);
    }
  });

  it('has its lower edge at 0 where the energy is critical', () => {
    for (const aspect of [...aspects, 0.9]) {
      const energy = penningtonBahriCriticalEnergy(aspect);
      expect(Math.abs(penningtonBahriEdges({ aspect, energy }).lower)).toBeLessThan(1e-12);
      expect(penningtonBahriIndexFraction({ aspect, energy: 0.9 * energy })).toBe(0);
    }
  });

  it('has an index fraction that is the mass of its density below zero', () => {
    const model = { energy: 0.3, aspect: 0.5 };
    const { lower } = penningtonBahriEdges(model);
    const steps = 200_000;
    let sum = 0;
    for (let i = 0; i < steps; i++) {
      sum += (penningtonBahriDensity(lower * (1 - (i + 0.5) / steps), model) * -lower) / steps;
    }
    expect(Math.abs(penningtonBahriIndexFraction(model) - sum)).toBeLessThan(1e-7);
  });

  it('is Marchenko–Pastur without energy and the semicircle of variance 2ε for vanishing φ', () => {
    for (const z of [0.2, 1, 2.5]) {
      expect(penningtonBahriDensity(z, { energy: 0, aspect: 0.5 })).toBe(marchenkoPasturDensity(z, 0.5));
      for (const energy of [1e-7, 1e-11]) {
        const nearby = penningtonBahriDensity(z, { energy, aspect: 0.5 });
        expect(Math.abs(nearby - marchenkoPasturDensity(z, 0.5))).toBeLessThan(100 * energy + 1e-13);
      }
      const wigner = penningtonBahriDensity(z, { energy: 0.5, aspect: 1e-6 });
      expect(Math.abs(wigner - semicircleDensity(z - 1))).toBeLessThan(1e-4);
    }
  });

  it('spreads the zeros of φ = 4 over a semicircle beside a gap, all mass kept', () => {
    const model = { energy: 1e-3, aspect: 4 };
    expect(penningtonBahriDensity(0.5, model)).toBe(0);
    expect(Math.abs(moment(model, 0) - 1)).toBeLessThan(1e-3);
    expect(penningtonBahriIndexFraction(model)).toBeGreaterThan(0.3);
    expect(penningtonBahriIndexFraction(model)).toBeLessThan(0.75);
  });
});
