import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { hostFloat32Space } from '../../../core/linalg/spaces/float32-space.ts';
import { hostFloat64Space } from '../../../core/linalg/spaces/float64-space.ts';
import { hostArena } from '../../../core/linalg/spaces/host-arena.ts';
import { restrictedObjective } from '../../../core/objective/restricted.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { denseTwin, leastSquaresObjective, randomLeastSquares, timesDense } from '../../support/least-squares.ts';

const dim = 11;
const head = 4;
const rng = randomFromSeed(1);
const problem = randomLeastSquares(rng, 9, dim);
const whole = leastSquaresObjective(problem, hostFloat64Space);
const at = whole.space.random(rng, 'normal');

function near(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12) {
  expect(got.length).toBe(expected.length);
  for (let i = 0; i < got.length; i++) {
    expect(Math.abs(got[i]! - expected[i]!)).toBeLessThan(tolerance * (1 + Math.abs(expected[i]!)));
  }
}

describe('objective restricted to blocks', () => {
  it('has the diagonal block of the Hessian as its Hessian', async () => {
    const objective = await restrictedObjective(whole, ['tail/kernel'], at, hostFloat64Space);
    const { hessian } = denseTwin(problem, at);
    const linearization = await objective.linearize(objective.space.fromHost(at.subarray(head)));
    for (let k = 0; k < dim - head; k++) {
      const unit = objective.space.zeros();
      unit[k] = 1;
      near(
        await linearization.hessianProduct(unit),
        hessian.slice(head).map((row) => row[head + k]!),
      );
    }
    linearization.dispose();
  });

  it('has the loss, gradient and products of the whole with the other blocks fixed, at any θ', async () => {
    for (const [names, from, to] of [
      [['head/kernel'], 0, head],
      [['tail/kernel'], head, dim],
      [['tail/kernel', 'head/kernel'], 0, dim],
    ] as const) {
      const objective = await restrictedObjective(whole, names, at, hostFloat64Space);
      const { space } = objective;
      expect(space.dim).toBe(to - from);
      const theta = space.random(rng, 'normal');
      const v = space.random(rng, 'normal');
      const full = Float64Array.from(at);
      full.set(theta, from);
      const direction = new Float64Array(dim);
      direction.set(v, from);
      const twin = denseTwin(problem, full);
      near([(await objective.evaluate(theta)).loss], [twin.loss]);
      const value = await objective.gradient(theta);
      near([value.loss], [twin.loss]);
      near(value.gradient, twin.gradient.slice(from, to));
      const linearization = await objective.linearize(theta);
      near(linearization.gradient, twin.gradient.slice(from, to));
      near(await linearization.hessianProduct(v), timesDense(twin.hessian, direction).slice(from, to));
      const ridge = [...v].map((value) => problem.penalty * value);
      near(
        await linearization.gaussNewtonProduct!(v),
        timesDense(twin.hessian, direction)
          .slice(from, to)
          .map((value, j) => value - ridge[j]!),
      );
      near((await linearization.jacobianProduct!(v)).data, timesDense(twin.jacobian, direction));
      const u = { rows: 9, columns: 1, data: Float64Array.from({ length: 9 }, (_, i) => i - 3) };
      const transposed = twin.gradient.map((_, j) => twin.jacobian.map((row) => row[j]!));
      near(await linearization.jacobianTransposeProduct!(u), timesDense(transposed, u.data).slice(from, to));
      linearization.dispose();
      const coefficients = { rows: 2, columns: 2, data: Float64Array.of(0.5, -1, 0, 2) };
      const moved = [-0.5, 2].map(
        (c) =>
          denseTwin(
            problem,
            full.map((value, j) => value + c * direction[j]!),
          ).loss,
      );
      near(await objective.losses(theta, [v, v], coefficients), moved);
    }
  });

  it('keeps the names of its blocks in the order of the layout, packed', async () => {
    const objective = await restrictedObjective(
      whole,
      ['tail/kernel', 'head/kernel', 'tail/kernel'],
      at,
      hostFloat64Space,
    );
    expect(objective.layout.blocks.map(({ name, offset, size }) => [name, offset, size])).toEqual([
      ['head/kernel', 0, 4],
      ['tail/kernel', 4, 7],
    ]);
    const tail = await restrictedObjective(whole, ['tail/kernel'], at, hostFloat64Space);
    expect(tail.layout.dim).toBe(7);
    expect(tail.layout.blocks[0]).toMatchObject({ name: 'tail/kernel', offset: 0, size: 7 });
  });

  it('shows weights outside the blocks as frozen in the graph', async () => {
    const node = (name: string) => ({
      name,
      kind: 'Dense',
      activation: null,
      weights: [{ name: 'kernel', shape: [1], block: `${name}/kernel`, frozen: false }],
      calls: 1,
      merges: false,
    });
    const graph = { nodes: [node('head'), node('tail')], edges: [], inputs: ['head'], outputs: ['tail'] };
    const objective = await restrictedObjective({ ...whole, graph }, ['tail/kernel'], at, hostFloat64Space);
    expect(objective.graph!.nodes.map(({ weights }) => [weights[0]!.block, weights[0]!.frozen])).toEqual([
      [null, true],
      ['tail/kernel', false],
    ]);
  });

  it('may live in a space of another precision', async () => {
    const objective = await restrictedObjective(whole, ['head/kernel'], at, hostFloat32Space);
    const theta = objective.space.random(rng, 'normal');
    const full = Float64Array.from(at);
    full.set(theta, 0);
    const { gradient } = await objective.gradient(theta);
    expect(gradient).toBeInstanceOf(Float32Array);
    near(gradient, denseTwin(problem, full).gradient.slice(0, head), 1e-6);
  });

  it('leaves nothing behind', async () => {
    const objective = await restrictedObjective(whole, ['tail/kernel'], at, hostFloat64Space);
    const theta = objective.space.random(rng, 'normal');
    const before = hostArena().bytesInUse;
    for (let i = 0; i < 5; i++) {
      const linearization = await objective.linearize(theta);
      const { gradient } = await objective.gradient(theta);
      const product = await linearization.hessianProduct(theta);
      await objective.losses(theta, [theta], { rows: 1, columns: 1, data: Float64Array.of(1) });
      objective.space.release(gradient, product);
      linearization.dispose();
    }
    expect(hostArena().bytesInUse).toBe(before);
  });

  it('refuses blocks that do not exist, naming those that do', async () => {
    const wrong = restrictedObjective(whole, ['tail'], at, hostFloat64Space);
    await expect(wrong).rejects.toThrow(BadInput);
    await expect(restrictedObjective(whole, ['tail'], at, hostFloat64Space)).rejects.toThrow(
      'There is no block of parameters named tail. Choose among head/kernel, tail/kernel.',
    );
    await expect(restrictedObjective(whole, [], at, hostFloat64Space)).rejects.toThrow(
      'No block of parameters was chosen.',
    );
  });
});
