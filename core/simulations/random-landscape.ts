import { symmetricEigenvalues } from '../linalg/dense/dense-symmetric.ts';
import type { Matrix } from '../linalg/matrix.ts';
import {
  brayDeanIndexFraction,
  brayDeanLowestEnergy,
  brayDeanRadius,
  type GaussianField,
} from '../linalg/random-matrices/bray-dean.ts';
import { gaussianOrthogonalEnsemble } from '../linalg/random-matrices/gaussian-orthogonal-ensemble.ts';
import { semicircleDensity } from '../linalg/random-matrices/semicircle-law.ts';
import { randomFromSeed } from '../random/philox.ts';
import type { Random } from '../random/random.ts';
import { givenParams } from './params.ts';
import { finished, type Simulate } from './simulate-one.ts';

/** f′(0) = −1, f″(0) = 1: a semicircle of radius 2 and minima at ε = −2. */
const field: GaussianField = { slope: -1, curvature: 1 };
/** Points are drawn at centres of the spectrum up to this many radii, so that minima and maxima are among them. */
const reach = 1.15;
/** Centres of the three spectra in radii: of minima, halfway, of the commonest saddles. */
const shownCentres = [1, 0.5, 0];
const curvePoints = 201;

/**
 * Hessians of a Gaussian random field φ on N dimensions, ⟨φ(x)φ(y)⟩ = N f(|x − y|²/2N), drawn at given energies: given its
 * trace N λ̄, H is λ̄I and the traceless part of a Gaussian orthogonal matrix (Bray and Dean 2007). The gradient is
 * independent of φ and H, so given ∇φ = 0 they are the same; but the critical points of a realised field are weighted with
 * |det H| (Kac and Rice), which these draws leave out: a factor e^O(N) against e^O(N²) of the ensemble, so the theory for
 * large N stays as it is. The λ̄ of the draws spread evenly over the whole range: they are drawn where they are wanted, not
 * as often as the field has them. All eigenvalues are computed and counted; the theory beside them holds for large N.
 *
 * Cost: points + 3 decompositions of order N, (4/3) N³ operations each.
 */
export const simulateRandomLandscape: Simulate<'randomLandscape'> = async (params, { signal, breathe }) => {
  const given = givenParams(params, ['dimension', 'points', 'seed'], 'randomLandscape');
  const n = given.whole('dimension', { least: 2, most: 500 });
  const points = given.whole('points', { least: 1, most: 1000 });
  const rng = randomFromSeed(given.whole('seed', { least: 0 }));
  const began = performance.now();
  const radius = brayDeanRadius(field);

  const energies = new Float64Array(points);
  const indexFractions = new Float64Array(points);
  let lastTurn = began;
  for (let i = 0; i < points; i++) {
    if (performance.now() - lastTurn > 10) {
      await breathe();
      lastTurn = performance.now();
    }
    if (signal.aborted) return null;
    const stream = rng.split(`point ${i}`);
    // One in each of as many equal parts.
    const centre = radius * reach * (1 - (2 * (i + stream.uniform())) / points);
    const eigenvalues = symmetricEigenvalues(hessianAbout(centre, n, stream));
    energies[i] = energyGivenTrace(centre, n);
    indexFractions[i] = eigenvalues.filter((lambda) => lambda < 0).length / n;
  }

  const end = Math.abs(brayDeanLowestEnergy(field)) * reach;
  const theoryEnergies = Float64Array.from({ length: curvePoints }, (_, i) => end * ((2 * i) / (curvePoints - 1) - 1));
  const spectra = shownCentres.map((share) => {
    const centre = radius * share;
    const x = Float64Array.from({ length: curvePoints }, (_, i) => centre + radius * ((2 * i) / (curvePoints - 1) - 1));
    return {
      energy: energyGivenTrace(centre, n),
      eigenvalues: symmetricEigenvalues(hessianAbout(centre, n, rng.split(`spectrum ${share}`))),
      density: { x, y: x.map((at) => semicircleDensity(at - centre, radius)) },
    };
  });
  return finished(
    {
      energies,
      indexFractions,
      theory: {
        energies: theoryEnergies,
        indexFractions: theoryEnergies.map((energy) => brayDeanIndexFraction(energy, field)),
      },
      coinMinimum: 2 ** -n,
      spectra,
    },
    began,
  );
};

/** A draw of H given tr H = N λ̄. */
function hessianAbout(centre: number, n: number, rng: Random): Matrix {
  const matrix = gaussianOrthogonalEnsemble(n, rng);
  const { data } = matrix;
  const scale = brayDeanRadius(field) / 2;
  let trace = 0;
  for (let i = 0; i < n; i++) trace += data[i * n + i]!;
  for (let i = 0; i < data.length; i++) data[i] = scale * data[i]!;
  for (let i = 0; i < n; i++) data[i * n + i] = data[i * n + i]! - (scale * trace) / n + centre;
  return matrix;
}

/**
 * E[φ/N | H] = (f′/f″) λ̄/(1 + 2/N) with λ̄ = tr H/N, for every N: φ and H are jointly Gaussian with
 * ⟨φ Hᵢⱼ⟩ = f′ δᵢⱼ and ⟨Hᵢⱼ Hₖₗ⟩ = (f″/N)(δᵢⱼδₖₗ + δᵢₖδⱼₗ + δᵢₗδⱼₖ), so φ regresses on the trace alone; ∇φ is independent
 * of both.
 */
export function energyGivenTrace(centre: number, n: number, { slope, curvature }: GaussianField = field): number {
  return ((slope / curvature) * centre) / (1 + 2 / n);
}
