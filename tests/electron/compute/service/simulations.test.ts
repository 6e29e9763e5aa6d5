import { afterAll, expect, test } from 'vitest';
import { simulateEdge } from '../../../../core/simulations/edge.ts';
import type { SimulationCall, SimulationName, Simulations } from '../../../../core/simulations/simulation.ts';
import { Failed, serviceForTests } from '../../../support/compute-service.ts';

const { service, connected } = serviceForTests();
const page = connected();
afterAll(() => service.close());

async function simulated<N extends SimulationName>(
  simulation: N,
  params: Simulations[N]['params'],
): Promise<Simulations[N]['value']> {
  const call = { simulation, params } as unknown as SimulationCall;
  return (await page.answered('simulate', call)) as Simulations[N]['value'];
}

const longEscape: Simulations['escapeTimes']['params'] = {
  dimension: 1000,
  negative: 1,
  curvature: 1e-3,
  noise: 1e-9,
  distance: 0,
  learningRate: 1e-3,
  repeats: 1000,
  mostSteps: 100_000,
  seed: 1,
};

test('a race is answered with its paths: descent on 5x² − y² as its closed form', async () => {
  const { runners } = await simulated('race', {
    surface: 'saddle',
    start: [1, 0.01],
    steps: 20,
    runners: [
      { optimizer: 'gradientDescent', settings: { learningRate: 0.05 } },
      { optimizer: 'newton', settings: {} },
      { optimizer: 'saddleFreeNewton', settings: { damping: 0 } },
    ],
    leavesBelow: -1,
  });
  const [descent, newton, saddleFree] = runners;
  expect(descent!.path[40]).toBeCloseTo(0.5 ** 20, 12);
  expect(descent!.path[41]).toBeCloseTo(0.01 * 1.1 ** 20, 12);
  expect(newton!.leavesAt).toBeNull();
  // 0.01 · 2ᵗ > 1 first at 7.
  expect(saddleFree!.leavesAt).toBe(7);
});

test('the edge goes on from the θ that came back, as it does in one thread', async () => {
  const params = { learningRate: 0.2, steps: 20, seed: 2, every: 20 };
  const first = await simulated('edge', { ...params, theta: null });
  const second = await simulated('edge', { ...params, theta: first.theta });
  const still = { signal: { aborted: false }, breathe: async () => {} };
  const whole = (await simulateEdge({ ...params, steps: 40, theta: null }, still))!.value;
  expect([...first.losses, ...second.losses]).toEqual([...whole.losses]);
  expect(second.theta).toEqual(whole.theta);
});

test.each([
  ['surface', { surface: 'saddle', points: 9 }],
  ['randomLandscape', { dimension: 10, points: 5, seed: 1 }],
  ['escapeTimes', { ...longEscape, dimension: 2, curvature: 1, learningRate: 0.1, repeats: 3 }],
  ['modes', { singularValues: [2, 1], u0: 0.01, matrices: 2, imbalance: 0, learningRate: 0.01, steps: 50 }],
] as const)('%s is computed, the same each time', async (simulation, params) => {
  const once = await simulated(simulation, params as never);
  expect(await simulated(simulation, params as never)).toEqual(once);
});

test('what is not usable is said with its place', async () => {
  const asked = simulated('surface', { surface: 'hill', points: 9 });
  await expect(asked).rejects.toThrow(Failed);
  await expect(asked).rejects.toMatchObject({ failure: { kind: 'badInput', found: 'surface.surface is "hill".' } });
});

test('a long one is cancelled, and a short one is answered after it', async () => {
  const call = { simulation: 'escapeTimes', params: longEscape } as const;
  const asked = page.ask('simulate', call);
  await shortly();
  asked.cancel();
  await expect(asked.outcome).rejects.toMatchObject({ failure: { kind: 'cancelled' } });
  expect((await simulated('surface', { surface: 'monkeySaddle', points: 3 })).criticalPoints).toHaveLength(1);
});

/** Long enough for a request to reach its thread. */
const shortly = () => new Promise((resolve) => setTimeout(resolve, 50));
