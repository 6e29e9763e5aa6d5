import { expect, test } from 'vitest';
import { symmetricEigen } from '../../../../core/linalg/dense/dense-symmetric.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { trainingSettings } from '../../../../core/training/settings.ts';
import { advanceBy, smallClassifier, trainerOf } from '../../../support/training-runs.ts';

/** Algorithm 1 of Kingma and Ba (2015) word by word, with powers and whole arrays. */
function kingmaBa(
  gradients: (theta: number[]) => number[],
  start: number[],
  steps: number,
  [alpha, beta1, beta2, epsilon]: readonly [number, number, number, number],
): number[] {
  let theta = start;
  let m = start.map(() => 0);
  let v = start.map(() => 0);
  for (let t = 1; t <= steps; t++) {
    const g = gradients(theta);
    m = m.map((mi, i) => beta1 * mi + (1 - beta1) * g[i]!);
    v = v.map((vi, i) => beta2 * vi + (1 - beta2) * g[i]! ** 2);
    const mHat = m.map((mi) => mi / (1 - beta1 ** t));
    const vHat = v.map((vi) => vi / (1 - beta2 ** t));
    theta = theta.map((x, i) => x - (alpha * mHat[i]!) / (Math.sqrt(vHat[i]!) + epsilon));
  }
  return theta;
}

const curvatures = [0.3, 1, 2, 7];
const start = [1, -2, 0.5, 3];
const gradientOf = (theta: number[]) => theta.map((x, i) => curvatures[i]! * x);

test.each([
  [0.01, 0.9, 0.999, 1e-8],
  [0.1, 0.5, 0.9, 1e-3],
] as const)(
  'Adam equals the published algorithm (η %f, β₁ %f, β₂ %f, ε %f)',
  async (learningRate, beta1, beta2, epsilon) => {
    const trainer = trainerOf(
      quadraticObjective(Float64Array.from(curvatures)),
      trainingSettings('adam', { learningRate, beta1, beta2, epsilon }),
      Float64Array.from(start),
    );
    await advanceBy(trainer, 300);
    const expected = kingmaBa(gradientOf, start, 300, [learningRate, beta1, beta2, epsilon]);
    for (let i = 0; i < 4; i++) expect(trainer.theta[i]).toBeCloseTo(expected[i]!, 11);
  },
);

test('the first step of Adam is η against the sign of every gradient, whatever its size', async () => {
  const settings = trainingSettings('adam', { learningRate: 0.01, epsilon: 1e-30 });
  const trainer = trainerOf(quadraticObjective(Float64Array.from(curvatures)), settings, Float64Array.from(start));
  await trainer.advance();
  start.forEach((x, i) => {
    expect(trainer.theta[i]).toBeCloseTo(x - 0.01 * Math.sign(x), 14);
  });
});

test('AdamW shrinks θ by 1 − η w before the step of Adam', async () => {
  const given = { learningRate: 0.01, beta1: 0.9, beta2: 0.99 };
  const objective = quadraticObjective(Float64Array.from(curvatures));
  const trainer = trainerOf(
    objective,
    trainingSettings('adamw', { ...given, weightDecay: 0.5 }),
    Float64Array.from(start),
  );
  let theta = start;
  let m = start.map(() => 0);
  let v = start.map(() => 0);
  for (let t = 1; t <= 100; t++) {
    const g = gradientOf(theta);
    m = m.map((mi, i) => 0.9 * mi + 0.1 * g[i]!);
    v = v.map((vi, i) => 0.99 * vi + 0.01 * g[i]! ** 2);
    theta = theta.map(
      (x, i) => x * (1 - 0.01 * 0.5) - (0.01 * (m[i]! / (1 - 0.9 ** t))) / (Math.sqrt(v[i]! / (1 - 0.99 ** t)) + 1e-8),
    );
  }
  await advanceBy(trainer, 100);
  for (let i = 0; i < 4; i++) expect(trainer.theta[i]).toBeCloseTo(theta[i]!, 11);
});

test('the preconditioner of Adam maps its momentum to its step', async () => {
  const { objective, theta } = smallClassifier();
  const settings = trainingSettings('adam', { learningRate: 0.01 });
  const trainer = trainerOf(objective, settings, theta);
  expect(trainer.preconditioner()).toBeNull();
  await advanceBy(trainer, 9);
  const before = trainer.state();
  await trainer.advance();
  const after = trainer.state();
  const p = trainer.preconditioner()!;
  p.forEach((diagonal, i) => {
    const moved = before.theta[i]! - after.theta[i]!;
    expect((moved * diagonal) / 0.01).toBeCloseTo(after.optimizer.buffers.firstMoment![i]!, 12);
  });
});

test('plain descent on a quadratic multiplies each coordinate by (1 − η λ)ᵗ', async () => {
  const settings = trainingSettings('gradientDescent', { learningRate: 0.05 });
  const trainer = trainerOf(quadraticObjective(Float64Array.from(curvatures)), settings, Float64Array.from(start));
  await advanceBy(trainer, 40);
  start.forEach((x, i) => {
    expect(trainer.theta[i]).toBeCloseTo(x * (1 - 0.05 * curvatures[i]!) ** 40, 13);
  });
});

test('momentum descent is the heavy ball of Polyak at constant η', async () => {
  const [eta, beta] = [0.05, 0.8];
  const settings = trainingSettings('momentum', { learningRate: eta, momentum: beta });
  const trainer = trainerOf(quadraticObjective(Float64Array.from(curvatures)), settings, Float64Array.from(start));
  let previous = start;
  let theta = start;
  for (let t = 0; t < 60; t++) {
    const next = theta.map((x, i) => x - eta * curvatures[i]! * x + beta * (x - previous[i]!));
    previous = theta;
    theta = next;
  }
  await advanceBy(trainer, 60);
  theta.forEach((x, i) => {
    expect(trainer.theta[i]).toBeCloseTo(x, 12);
  });
});

test('Nesterov is the form of Sutskever seen from the point looked ahead to', async () => {
  const [eta, beta] = [0.05, 0.8];
  const settings = trainingSettings('nesterov', { learningRate: eta, momentum: beta });
  const trainer = trainerOf(quadraticObjective(Float64Array.from(curvatures)), settings, Float64Array.from(start));
  // v ← β v − η ∇L(θ + β v), θ ← θ + v; the trainer's θ is θ + β v.
  let theta = start;
  let v = start.map(() => 0);
  for (let t = 0; t < 60; t++) {
    v = v.map((vi, i) => beta * vi - eta * curvatures[i]! * (theta[i]! + beta * vi));
    theta = theta.map((x, i) => x + v[i]!);
  }
  await advanceBy(trainer, 60);
  theta.forEach((x, i) => {
    expect(trainer.theta[i]).toBeCloseTo(x + beta * v[i]!, 12);
  });
});

test('RK4 on the flow of a quadratic has order 4 towards exp(−A t) θ₀', async () => {
  const dim = 5;
  const entries = randomFromSeed(3).fill(new Float64Array(dim * dim), 'normal');
  const a = { rows: dim, columns: dim, data: new Float64Array(dim * dim) };
  for (let i = 0; i < dim; i++)
    for (let j = 0; j < dim; j++)
      for (let k = 0; k < dim; k++) a.data[i * dim + j]! += entries[i * dim + k]! * entries[j * dim + k]! * 0.3;
  const { eigenvalues, eigenvectors } = symmetricEigen(a);
  const theta = Float64Array.from({ length: dim }, (_, i) => 1 + i);
  const end = 1;
  const exact = new Float64Array(dim);
  for (let k = 0; k < dim; k++) {
    let overlap = 0;
    for (let i = 0; i < dim; i++) overlap += eigenvectors.data[i * dim + k]! * theta[i]!;
    for (let i = 0; i < dim; i++)
      exact[i]! += eigenvectors.data[i * dim + k]! * overlap * Math.exp(-eigenvalues[k]! * end);
  }
  const errors: number[] = [];
  for (const steps of [20, 40, 80]) {
    const settings = trainingSettings('gradientFlow', { learningRate: end / steps, sharpnessEvery: 0 });
    const trainer = trainerOf(quadraticObjective(a), settings, theta);
    await advanceBy(trainer, steps);
    errors.push(Math.hypot(...trainer.theta.map((x, i) => x - exact[i]!)));
  }
  for (let i = 0; i < 2; i++) expect(Math.log2(errors[i]! / errors[i + 1]!)).toBeCloseTo(4, 0);
  expect(errors[2]).toBeLessThan(1e-6);
});

test('coupled decay descends L + w/2 ‖θ‖²: each coordinate is multiplied by 1 − η (λ + w)', async () => {
  const settings = trainingSettings('gradientDescent', { learningRate: 0.05, weightDecay: 0.7, decay: 'coupled' });
  const trainer = trainerOf(quadraticObjective(Float64Array.from(curvatures)), settings, Float64Array.from(start));
  await advanceBy(trainer, 30);
  start.forEach((x, i) => {
    expect(trainer.theta[i]).toBeCloseTo(x * (1 - 0.05 * (curvatures[i]! + 0.7)) ** 30, 13);
  });
});

test('decoupled decay under momentum obeys its own recurrence and differs from the coupled one', async () => {
  const [eta, beta, w] = [0.05, 0.9, 0.7];
  const run = async (decay: string) => {
    const settings = trainingSettings('momentum', { learningRate: eta, momentum: beta, weightDecay: w, decay });
    const trainer = trainerOf(quadraticObjective(Float64Array.from(curvatures)), settings, Float64Array.from(start));
    await advanceBy(trainer, 30);
    return trainer.theta;
  };
  const decoupled = await run('decoupled');
  const coupled = await run('coupled');
  start.forEach((x, i) => {
    let [theta, v] = [x, 0];
    let [theta2, v2] = [x, 0];
    for (let t = 0; t < 30; t++) {
      v = beta * v + curvatures[i]! * theta;
      theta = (1 - eta * w) * theta - eta * v;
      v2 = beta * v2 + (curvatures[i]! + w) * theta2;
      theta2 -= eta * v2;
    }
    expect(decoupled[i]).toBeCloseTo(theta, 12);
    expect(coupled[i]).toBeCloseTo(theta2, 12);
    expect(Math.abs(theta - theta2)).toBeGreaterThan(1e-3);
  });
});

test('a clipped gradient keeps its direction and has the length of the limit; the record keeps the true norm', async () => {
  const settings = trainingSettings('gradientDescent', { learningRate: 1, clipNorm: 0.25 });
  const trainer = trainerOf(quadraticObjective(Float64Array.from(curvatures)), settings, Float64Array.from(start));
  const { gradientNorm } = await trainer.advance();
  const gradient = gradientOf(start);
  const norm = Math.hypot(...gradient);
  expect(gradientNorm).toBeCloseTo(norm, 12);
  start.forEach((x, i) => {
    expect(trainer.theta[i]).toBeCloseTo(x - (0.25 * gradient[i]!) / norm, 14);
  });
});

test('a gradient below the limit is not clipped', async () => {
  const run = async (clipNorm: number | null) => {
    const settings = trainingSettings('gradientDescent', { learningRate: 0.1, clipNorm });
    const trainer = trainerOf(quadraticObjective(Float64Array.from(curvatures)), settings, Float64Array.from(start));
    await advanceBy(trainer, 5);
    return trainer.theta;
  };
  expect(await run(1000)).toEqual(await run(null));
});
