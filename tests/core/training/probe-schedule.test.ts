import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { createProbeSchedule, type ProbePlan, type ProbeScheduleState } from '../../../core/training/probe-schedule.ts';
import type { ProbeKind } from '../../../core/training/records.ts';

const gradients: Record<ProbeKind, number> = {
  loss: 1,
  gradientNorm: 1,
  noiseScale: 16,
  sharpness: 60,
  preconditionedSharpness: 60,
  lowestEigenvalue: 80,
  eigenvalues: 110,
  density: 480,
};

interface Made {
  readonly kind: ProbeKind;
  readonly step: number;
  readonly askedAt: number;
}

/** A run on an exact clock: every step takes `stepSeconds`, every probe what `cost` says. */
function simulate(
  plan: ProbePlan,
  steps: number,
  stepSeconds: number,
  cost: (kind: ProbeKind, step: number) => number,
  options: {
    runGradients?: number;
    from?: ProbeScheduleState;
    firstStep?: number;
    /** Budgets that are set by hand, by the step before which it happens. */
    budgets?: Readonly<Record<number, number>>;
  } = {},
) {
  const schedule = createProbeSchedule(plan, { gradients, runGradients: options.runGradients ?? 0 }, options.from);
  const made: Made[] = [];
  const shares: number[] = [];
  for (let step = options.firstStep ?? 0; step < steps; step++) {
    const budget = options.budgets?.[step];
    if (budget !== undefined) schedule.setBudget(budget);
    schedule.ask(step);
    for (let kind = schedule.next(step); kind !== null; kind = schedule.next(step)) {
      made.push({ kind, step, askedAt: schedule.waitingSince(kind)! });
      schedule.spentProbe(kind, cost(kind, step));
    }
    schedule.spentTraining(stepSeconds);
    shares.push(schedule.share());
  }
  return { schedule, made, shares };
}

const count = (made: readonly Made[], kind: ProbeKind) => made.filter((probe) => probe.kind === kind).length;

test('within the budget every probe is made at its step', () => {
  const plan = { budget: 0.5, every: { loss: 5, sharpness: 20 } };
  const { made, schedule } = simulate(plan, 200, 1, (kind) => (kind === 'loss' ? 0.1 : 1));
  for (const { step, askedAt } of made.filter(({ step }) => step > 1)) expect(step).toBe(askedAt);
  expect(count(made, 'loss')).toBe(40);
  expect(count(made, 'sharpness')).toBe(10);
  expect(schedule.share()).toBeCloseTo(14 / 214, 12);
});

test('at budget 1 every probe is made at its step, whatever it costs', () => {
  const { made } = simulate({ budget: 1, every: { sharpness: 1, density: 7 } }, 50, 0.001, () => 10);
  expect(count(made, 'sharpness')).toBe(50);
  expect(count(made, 'density')).toBe(8);
  for (const { step, askedAt } of made) expect(step).toBe(askedAt);
});

test('at budget 0 nothing is probed', () => {
  expect(simulate({ budget: 0, every: { loss: 1 } }, 50, 1, () => 0).made).toEqual([]);
});

test('a kind at 0 is off', () => {
  const { made } = simulate({ budget: 1, every: { loss: 0, sharpness: 10 } }, 50, 1, () => 0.1);
  expect(count(made, 'loss')).toBe(0);
  expect(count(made, 'sharpness')).toBe(5);
});

test.each([0.02, 0.1, 0.3, 0.7])('above the budget the share settles at %f and stays within 3 points', (budget) => {
  const plan = { budget, every: { loss: 2, sharpness: 3, density: 50 } };
  const prices: Partial<Record<ProbeKind, number>> = { loss: 2, sharpness: 10, density: 60 };
  const { shares, made } = simulate(plan, 5000, 1, (kind) => prices[kind]!);
  expect(shares.at(-1)).toBeGreaterThan(budget - 0.003);
  expect(shares.at(-1)).toBeLessThan(budget + 0.03);
  for (const share of shares.slice(2500)) expect(Math.abs(share - budget)).toBeLessThan(0.03);
  // At 2 % the cadence of density, 50 steps, is stretched 280-fold: beyond this run.
  const reached = budget < 0.1 ? (['loss', 'sharpness'] as const) : (['loss', 'sharpness', 'density'] as const);
  for (const kind of reached) expect(count(made, kind)).toBeGreaterThan(0);
});

test('property: the share is kept within 3 points for any costs that are small against the run', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.05, max: 0.9, noNaN: true }),
      fc.double({ min: 0.5, max: 40, noNaN: true }),
      fc.double({ min: 0.5, max: 40, noNaN: true }),
      fc.integer({ min: 0, max: 1000 }),
      (budget, first, second, jitter) => {
        // More is asked for than the budget gives: a probe of at least a whole step's time in every step.
        const plan = { budget, every: { sharpness: 1, lowestEigenvalue: 1 } };
        const scale = Math.max(1, budget / (1 - budget));
        const cost = (kind: ProbeKind, step: number) =>
          scale * (kind === 'sharpness' ? first : second) * (0.5 + ((step * 7919 + jitter) % 1000) / 1000);
        const { shares } = simulate(plan, 4000, 1, cost);
        const demand = scale * (first + second);
        if (demand / (demand + 1) > budget + 0.03) expect(Math.abs(shares.at(-1)! - budget)).toBeLessThan(0.03);
      },
    ),
  );
});

test('above the budget all cadences are stretched by about the same factor', () => {
  const plan = { budget: 0.1, every: { loss: 2, sharpness: 4, density: 40 } };
  const { made } = simulate(plan, 20_000, 1, (kind) => (kind === 'density' ? 40 : 4));
  const stretch = (kind: 'loss' | 'sharpness' | 'density') => 20_000 / plan.every[kind] / count(made, kind);
  expect(stretch('loss')).toBeGreaterThan(5);
  for (const kind of ['sharpness', 'density'] as const) {
    expect(stretch(kind) / stretch('loss')).toBeGreaterThan(0.6);
    expect(stretch(kind) / stretch('loss')).toBeLessThan(1.6);
  }
});

test('a probe that had to wait says since when, and is made once for all the turns it missed', () => {
  const { made } = simulate({ budget: 0.1, every: { sharpness: 10 } }, 2000, 1, () => 30);
  const late = made.filter(({ step, askedAt }) => step > askedAt);
  expect(late.length).toBeGreaterThan(5);
  for (const { step, askedAt } of made) {
    expect(askedAt % 10).toBe(0);
    expect(step).toBeGreaterThanOrEqual(askedAt);
  }
  for (let i = 1; i < made.length; i++) expect(made[i]!.askedAt).toBeGreaterThan(made[i - 1]!.step - 10);
});

test('before the first update probes are made on credit, cheapest first, up to a quarter of the whole budget', () => {
  const plan = { budget: 0.1, every: { loss: 10, sharpness: 10, density: 10 } };
  const first = (runGradients: number) => simulate(plan, 1, 1, () => 1, { runGradients }).made.map(({ kind }) => kind);
  expect(first(0)).toEqual([]);
  expect(first(100)).toEqual(['loss']);
  expect(first(3000)).toEqual(['loss', 'sharpness']);
  expect(first(100_000)).toEqual(['loss', 'sharpness', 'density']);
});

test('credit is paid back: the share over the run is the budget', () => {
  const plan = { budget: 0.1, every: { loss: 10, sharpness: 10, density: 10 } };
  const { shares } = simulate(plan, 24_000, 1, (kind) => gradients[kind], { runGradients: 24_000 });
  expect(shares[0]).toBeGreaterThan(0.5);
  expect(Math.abs(shares.at(-1)! - 0.1)).toBeLessThan(0.03);
});

test('a schedule restored from its state goes on as if it had never stopped', () => {
  const plan = { budget: 0.1, every: { loss: 2, sharpness: 3, density: 50 } };
  const cost = (kind: ProbeKind) => (kind === 'density' ? 60 : 7);
  const whole = simulate(plan, 900, 1, cost);
  const head = simulate(plan, 433, 1, cost);
  const state = JSON.parse(JSON.stringify(head.schedule.state())) as ProbeScheduleState;
  const tail = simulate(plan, 900, 1, cost, { from: state, firstStep: 433 });
  expect([...head.made, ...tail.made]).toEqual(whole.made);
});

test('property: a budget set by hand is kept from then on within 3 points, whatever was spent before', () => {
  const plan = { budget: 0.2, every: { loss: 2, sharpness: 3 } };
  fc.assert(
    fc.property(
      fc.double({ min: 0.02, max: 0.6, noNaN: true }),
      fc.integer({ min: 1, max: 1500 }),
      (budget, changeAt) => {
        const { schedule, made } = simulate(plan, changeAt + 2000, 1, () => 5, { budgets: { [changeAt]: budget } });
        expect(schedule.budget).toBe(budget);
        const probing = 5 * made.filter(({ step }) => step >= changeAt).length;
        expect(Math.abs(probing / (probing + 2000) - budget)).toBeLessThan(0.03);
      },
    ),
  );
});

test('property: a schedule whose budget was set goes on from its state as if it had never stopped', () => {
  const plan = { budget: 0.1, every: { loss: 2, sharpness: 3, density: 50 } };
  const cost = (kind: ProbeKind) => (kind === 'density' ? 60 : 7);
  const budget = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(fc.nat(899), fc.dictionary(fc.nat(899).map(String), budget, { maxKeys: 4 }), (stop, budgets) => {
      const whole = simulate(plan, 900, 1, cost, { budgets });
      const head = simulate(plan, stop, 1, cost, { budgets });
      const from = JSON.parse(JSON.stringify(head.schedule.state())) as ProbeScheduleState;
      const tail = simulate(plan, 900, 1, cost, { from, firstStep: stop, budgets });
      expect([...head.made, ...tail.made]).toEqual(whole.made);
    }),
  );
});

test('what is no share is refused, and the old budget holds', () => {
  const schedule = createProbeSchedule({ budget: 0.3, every: { loss: 5 } }, { gradients, runGradients: 0 });
  for (const budget of [-0.1, 1.1, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => schedule.setBudget(budget)).toThrow(BadInput);
  expect(schedule.budget).toBe(0.3);
});

test('a step is asked for once: a run resumed at it does not measure it again', () => {
  const schedule = createProbeSchedule({ budget: 1, every: { loss: 5 } }, { gradients, runGradients: 0 });
  schedule.ask(5);
  expect(schedule.next(5)).toBe('loss');
  schedule.spentProbe('loss', 1);
  schedule.ask(5);
  expect(schedule.next(5)).toBeNull();
});

test('a dismissed kind waits no longer and costs nothing', () => {
  const schedule = createProbeSchedule(
    { budget: 1, every: { preconditionedSharpness: 5 } },
    { gradients, runGradients: 0 },
  );
  schedule.ask(0);
  schedule.dismiss('preconditionedSharpness');
  expect(schedule.next(0)).toBeNull();
  expect(schedule.share()).toBe(0);
  schedule.ask(5);
  expect(schedule.next(5)).toBe('preconditionedSharpness');
});
