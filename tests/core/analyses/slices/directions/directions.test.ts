import { describe, expect, test } from 'vitest';
import {
  type DirectionKind,
  type DirectionsContext,
  directionsOf,
  ownScaling,
  type Scaling,
} from '../../../../../core/analyses/slices/directions/directions.ts';
import { BadInput } from '../../../../../core/bad-input.ts';
import type { Dataset } from '../../../../../core/data/dataset.ts';
import { initialTheta } from '../../../../../core/models/closed-form/initial-theta.ts';
import { mlpObjective } from '../../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../../core/models/closed-form/mlp-description.ts';
import { quadraticObjective } from '../../../../../core/models/closed-form/quadratic.ts';
import { surfaceObjective } from '../../../../../core/models/closed-form/surfaces.ts';
import type { Objective } from '../../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../../core/random/philox.ts';
import { withLiveVectors } from '../../../../support/live-vectors.ts';

const rng = randomFromSeed(21);
const drawn = (name: string, dim: number) => rng.split(name).fill(new Float64Array(dim), 'normal');
const inner = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const norm = (a: Float64Array) => Math.sqrt(inner(a, a));

type More = Partial<Omit<DirectionsContext<Float64Array>, 'objective' | 'theta' | 'origin'>>;
const at = (objective: Objective<Float64Array>, theta: Float64Array, more: More = {}) => ({
  objective,
  theta,
  origin: theta,
  rng,
  ...more,
});
const find = (
  kinds: readonly DirectionKind[],
  context: DirectionsContext<Float64Array>,
  scaling: Partial<Scaling> = {},
) => directionsOf(kinds, { ...ownScaling, ...scaling }, context);

const inputs = drawn('inputs', 40 * 6);
const data: Dataset = {
  name: 'drawn',
  examples: 40,
  inputShape: [6],
  inputs,
  targets: { kind: 'classes', classes: 3, labels: Int32Array.from({ length: 40 }, (_, i) => i % 3) },
  source: 'drawn',
};
const description = mlpFromWidths([6, 8, 3], 'tanh');
const network = mlpObjective(description, { data, loss: 'softmaxCrossEntropy' });
const theta = initialTheta(description, rng).map((x, i) => x + 0.1 * Math.sin(i));

describe('eigenvectors', () => {
  test('satisfy ‖H d − λ d‖ ≤ the stated residual, at both ends and for Gauss–Newton: they are not rescaled', async () => {
    const kinds = ['eigen', 'eigen', 'lowest'] as const;
    const { vectors, directions, cosines, status, products, gradients, warnings } = await find(
      kinds,
      at(network, theta),
    );
    expect(status).toBe('converged');
    expect(warnings).toEqual([]);
    expect(gradients).toBe(1);
    expect(products).toBeGreaterThan(3);
    const linearization = await network.linearize(theta);
    for (const [k, vector] of vectors.entries()) {
      const { eigenvalue, residual, norm: length } = directions[k]!;
      expect(length).toBeCloseTo(1, 10);
      const image = await linearization.hessianProduct(network.space.fromHost(vector));
      const deviation = norm(image.map((x, i) => x - eigenvalue! * vector[i]!));
      expect(deviation).toBeLessThanOrEqual(residual! + 1e-12);
      expect(deviation).toBeLessThan(1e-3 * Math.abs(eigenvalue!));
    }
    expect(directions[0]!.eigenvalue!).toBeGreaterThan(directions[1]!.eigenvalue!);
    expect(directions[2]!.eigenvalue!).toBeLessThan(0);
    for (const cosine of cosines) expect(Math.abs(cosine)).toBeLessThan(1e-6);

    const gaussNewton = await find(['gauss-newton', 'gauss-newton'], at(network, theta));
    for (const [k, vector] of gaussNewton.vectors.entries()) {
      const { eigenvalue, residual } = gaussNewton.directions[k]!;
      const image = await linearization.gaussNewtonProduct!(network.space.fromHost(vector));
      expect(norm(image.map((x, i) => x - eigenvalue! * vector[i]!))).toBeLessThanOrEqual(residual! + 1e-12);
    }
    linearization.dispose();
  });

  test('normalised by name they are no eigenvectors: a warning says so, and their eigenvalue is gone', async () => {
    const { directions, warnings, vectors } = await find(['eigen', 'random'], at(network, theta), {
      normalization: 'filter',
    });
    expect(warnings).toEqual(['The direction is filter-normalised and no longer an eigenvector.']);
    expect(directions[0]).toMatchObject({
      kind: 'filter-normalised Hessian eigenvector',
      eigenvalue: null,
      residual: null,
    });
    // Negative control: it is indeed none.
    const linearization = await network.linearize(theta);
    const image = await linearization.hessianProduct(network.space.fromHost(vectors[0]!));
    linearization.dispose();
    const quotient = inner(image, vectors[0]!) / inner(vectors[0]!, vectors[0]!);
    expect(norm(image.map((x, i) => x - quotient * vectors[0]![i]!)) / norm(image)).toBeGreaterThan(0.1);
    // `none` leaves what is not random as it is, biases too.
    const plain = await find(['eigen'], at(network, theta), { normalization: 'none' });
    expect(plain.warnings).toEqual([]);
    expect(plain.directions[0]!.eigenvalue).not.toBeNull();
  });

  test('cancelled, or with products that are not numbers, there is a result that spans nothing', async () => {
    const bowl = quadraticObjective(Float64Array.from({ length: 200 }, (_, i) => i + 1));
    const ones = new Float64Array(200).fill(1);
    const signal = { aborted: true };
    const cancelled = await find(['eigen', 'lowest'], at(bowl, ones, { signal }));
    expect(cancelled).toMatchObject({ status: 'cancelled', spanned: false });
    expect(cancelled.cosines.every(Number.isNaN)).toBe(true);
    expect(cancelled.vectors.every((vector) => vector.length === 200)).toBe(true);
    const broken: Objective<Float64Array> = {
      ...bowl,
      linearize: async (point) => ({
        ...(await bowl.linearize(point)),
        hessianProduct: async () => new Float64Array(200).fill(Number.NaN),
      }),
    };
    for (const kinds of [['eigen', 'eigen'], ['hessian-gradient'], ['gradient', 'lowest', 'eigen']] as const)
      expect(await find(kinds, at(broken, ones))).toMatchObject({ status: 'notFinite', spanned: false });
  });

  test('leave no vector behind', async () => {
    const bowl = quadraticObjective(Float64Array.from({ length: 30 }, (_, i) => i + 1));
    const { space, live } = withLiveVectors(bowl.space);
    const counted: Objective<Float64Array> = {
      ...bowl,
      space,
      linearize: async (point) => {
        const inside = await bowl.linearize(point);
        const born = async (v: Promise<Float64Array>) => space.fromHost(await v);
        return { ...inside, hessianProduct: (v) => born(inside.hessianProduct(v)) };
      },
      gradient: async (point) => ({ loss: 0, gradient: space.fromHost((await bowl.gradient(point)).gradient) }),
    };
    const one = drawn('one', 30);
    await find(['eigen', 'lowest', 'hessian-gradient'], at(counted, one));
    await find(['gradient'], at(counted, one));
    expect(live.size).toBe(0);
  });
});

test('the gradient and its Hessian image are those of the closed form, at unit length', async () => {
  const diagonal = Float64Array.of(1, 2, 5, -3);
  const point = Float64Array.of(1, -1, 0.5, 2);
  const { vectors, directions, cosines, products, gradients } = await find(
    ['gradient', 'hessian-gradient'],
    at(quadraticObjective(diagonal), point),
  );
  const g = point.map((x, i) => x * diagonal[i]!);
  const image = g.map((x, i) => x * diagonal[i]!);
  g.forEach((x, i) => {
    expect(vectors[0]![i]).toBeCloseTo(x / norm(g), 14);
    expect(vectors[1]![i]).toBeCloseTo(image[i]! / norm(image), 14);
  });
  expect(directions.map(({ norm: length }) => length)).toEqual([expect.closeTo(1, 14), expect.closeTo(1, 14)]);
  expect(cosines).toEqual([expect.closeTo(inner(g, image) / norm(g) / norm(image), 13)]);
  expect([products, gradients]).toEqual([1, 1]);
  expect(await find(['gradient'], at(quadraticObjective(diagonal), point))).toMatchObject({
    products: 0,
    gradients: 1,
  });
});

describe('points', () => {
  test('two and three points: the loss at (1, 0) and (0, 1) is that of the points themselves', async () => {
    const [other, third] = [drawn('other', theta.length), drawn('third', theta.length)];
    const { vectors } = await find(['difference', 'third', 'random'], at(network, theta, { other, third }));
    const coefficients = { rows: 3, columns: 3, data: Float64Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0) };
    const losses = await network.losses(theta, vectors, coefficients);
    for (const [row, point] of [theta, other, third].entries()) {
      const { loss } = await network.evaluate(network.space.fromHost(point));
      expect(Math.abs(losses[row]! / loss - 1)).toBeLessThan(1e-12);
    }
    const plain = await find(['difference'], at(network, theta, { other }), { normalization: 'own', biases: 'zero' });
    expect(plain.vectors[0]).toEqual(other.map((x, i) => x - theta[i]!));
  });

  test('the update is where the optimiser goes; its first moment is a direction', async () => {
    const [update, moment] = [drawn('update', theta.length), drawn('moment', theta.length)];
    const { vectors, directions } = await find(['update', 'moment'], at(network, theta, { update, moment }));
    expect(vectors[0]).toEqual(update);
    expect(directions[1]!.norm).toBeCloseTo(1, 12);
    expect(inner(vectors[1]!, moment) / norm(moment)).toBeCloseTo(1, 12);
  });

  test('vectors of a file are used as they are, and stay the caller’s', async () => {
    const file = [drawn('f1', theta.length), drawn('f2', theta.length)];
    const { vectors } = await find(['file', 'file'], at(network, theta, { file }));
    expect(vectors).toEqual(file);
    expect(vectors[0]).not.toBe(file[0]);
  });
});

describe('angles are those after scaling', () => {
  test('vectors that are orthogonal before are not so after, and the cosine told is the true one', async () => {
    // The kernel is 6 × 8 by rows, a column is a filter. Two filters, alike in one and opposed in the other.
    const file = [new Float64Array(theta.length), new Float64Array(theta.length)];
    file[0]!.set([0.1, 1]);
    file[1]!.set([1, -0.1]);
    expect(inner(file[0]!, file[1]!)).toBe(0);
    const { cosines } = await find(['file', 'file'], at(network, theta, { file }), { normalization: 'filter' });
    const [alike, opposed] = [0, 1].map((column) =>
      [0, 1, 2, 3, 4, 5].reduce((sum, row) => sum + theta[8 * row + column]! ** 2, 0),
    );
    const wanted = (alike! - opposed!) / (alike! + opposed!);
    expect(Math.abs(wanted)).toBeGreaterThan(0.01);
    expect(cosines).toEqual([expect.closeTo(wanted, 12)]);
  });

  test('random directions in ℝⁿ meet at about 1/√n: nothing makes them parallel', async () => {
    const dim = 10_000;
    const bowl = quadraticObjective(new Float64Array(dim).fill(1));
    const { cosines } = await find(['random', 'random', 'random'], at(bowl, drawn('θ', dim)));
    expect(cosines.length).toBe(3);
    for (const cosine of cosines) expect(Math.abs(cosine)).toBeLessThan(5 / Math.sqrt(dim));
  });
});

describe('what spans nothing is refused, with advice', () => {
  const bowl = (dim: number) => quadraticObjective(Float64Array.from({ length: dim }, (_, i) => i + 1));
  const ones = new Float64Array(3).fill(1);
  const refused = async (
    kinds: readonly DirectionKind[],
    context: DirectionsContext<Float64Array>,
    message: RegExp,
    scaling: Partial<Scaling> = {},
  ) => {
    const attempt = find(kinds, context, scaling);
    await expect(attempt).rejects.toThrow(BadInput);
    await expect(attempt).rejects.toThrow(message);
  };

  test('parallel and coplanar directions', async () => {
    await refused(['random', 'random'], at(bowl(1), Float64Array.of(2)), /parallel/, { normalization: 'none' });
    await refused(['random', 'random', 'random'], at(bowl(2), Float64Array.of(1, 2)), /lie in one plane/);
    // An eigenvector as gradient: H g is parallel to g.
    await refused(['gradient', 'hessian-gradient'], at(bowl(3), Float64Array.of(0, 2, 0)), /parallel/);
    const other = Float64Array.of(2, 3, 4);
    await refused(['difference', 'third'], at(bowl(3), ones, { other, third: Float64Array.of(3, 5, 7) }), /parallel/);
    // The only two eigenvectors of ℝ² are at both ends.
    await refused(['eigen', 'eigen', 'lowest'], at(bowl(2), Float64Array.of(1, 1)), /parallel/);
  });

  test('directions without length', async () => {
    await refused(['random'], at(bowl(3), new Float64Array(3)), /weights it is scaled to are zero.*none/);
    await refused(['gradient'], at(bowl(3), new Float64Array(3)), /gradient is zero here.*critical point/);
    await refused(['gradient'], at(surfaceObjective('monkeySaddle'), new Float64Array(2)), /gradient is zero/);
    await refused(['hessian-gradient'], at(bowl(3), new Float64Array(3)), /zero here/);
    await refused(['difference'], at(bowl(3), ones, { other: ones.slice() }), /is this point.*--to/);
    await refused(['update'], at(bowl(3), ones, { update: new Float64Array(3) }), /update of the optimiser is zero/);
  });

  test('what is missing or does not fit', async () => {
    await refused(['difference'], at(bowl(3), ones), /needs another point.*--to/);
    await refused(['difference', 'third'], at(bowl(3), ones, { other: new Float64Array(3) }), /--third/);
    await refused(['difference'], at(bowl(3), ones, { other: new Float64Array(4) }), /4 parameters, this one 3/);
    await refused(['moment'], at(bowl(3), ones), /keeps no running mean.*momentum or Adam/);
    await refused(['update'], at(bowl(3), ones), /not known here/);
    await refused(['file', 'file'], at(bowl(3), ones, { file: [ones] }), /2 directions are wanted of a file, 1 given/);
    await refused(['file'], at(bowl(3), ones, { file: [new Float64Array(5)] }), /5 entries, the model 3/);
    await refused(['pca'], at(bowl(3), ones), /spans no line/);
    await refused(['gauss-newton'], at(bowl(3), ones), /no Gauss–Newton product/);
    await refused(['eigen', 'eigen', 'eigen'], at(bowl(2), Float64Array.of(1, 1)), /too few eigenvectors|parallel/);
  });

  test('what is not finite', async () => {
    await refused(['random'], at(bowl(3), Float64Array.of(1, Number.NaN, 1)), /not finite.*earlier checkpoint/);
    const infinite = Float64Array.of(1, Number.POSITIVE_INFINITY, 0);
    await refused(['difference'], at(bowl(3), ones, { other: infinite }), /not finite/);
    await refused(['moment'], at(bowl(3), ones, { moment: infinite }), /not finite/);
    await refused(['file'], at(bowl(3), ones, { file: [infinite] }), /not finite/);
  });
});
