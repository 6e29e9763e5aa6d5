import { BadInput } from '../bad-input.ts';
import type { ProbeKind } from './records.ts';

/** What is measured while training, and at what price. */
export interface ProbePlan {
  /** Largest share of probe time ÷ (probe + training time); 1 = every probe at its step, whatever it costs. */
  readonly budget: number;
  /** Steps between two probes of a kind; a kind that is absent or 0 is off. */
  readonly every: Partial<Readonly<Record<ProbeKind, number>>>;
}

/** A budget that was set by hand, and what had been spent when it was. Seconds. */
export interface ChangedBudget {
  readonly budget: number;
  readonly trainingSeconds: number;
  readonly probeSeconds: number;
}

/** Plain data, for a checkpoint. Seconds. */
export interface ProbeScheduleState {
  /** Null or absent: the budget is that of the plan. */
  readonly changedBudget?: ChangedBudget | null;
  readonly trainingSeconds: number;
  readonly probeSeconds: number;
  /** The last step that was asked for. */
  readonly askedStep: number;
  /** Of the kinds that wait: the step since when. */
  readonly waitingSince: Partial<Readonly<Record<ProbeKind, number>>>;
  /** Of the kinds that were measured: at which step last. */
  readonly measuredAt: Partial<Readonly<Record<ProbeKind, number>>>;
  /** Of the kinds that were measured: what one is expected to cost, in seconds. */
  readonly cost: Partial<Readonly<Record<ProbeKind, number>>>;
}

/** Loss first: it is the cheapest, and what is looked at first. */
const closingKinds: readonly ProbeKind[] = ['loss', 'gradientNorm', 'sharpness', 'lowestEigenvalue'];
const closingMargin = 0.015;

/**
 * Decides which probe is made when. A kind whose cadence hits starts to wait; while kinds wait, the one that has waited
 * longest in units of its own cadence is next, and nobody passes it, so an expensive kind is not starved by cheap ones and
 * a demand above the budget stretches every cadence alike. It is let in when the share of probe time, counted with half
 * of its expected cost, is within the budget: the share then swings around the budget by at most half a probe.
 *
 * Before the first update there is no training time to take a share of. There probes may be made on credit: as many as
 * are expected to cost at most a quarter of what the budget gives over the whole run; later probes wait until it is paid.
 */
export interface ProbeSchedule {
  /** The share that holds now. */
  readonly budget: number;
  /**
   * The share of the time from now on: what was spent before no longer counts, so that the new budget is felt at once.
   * BadInput outside of [0, 1].
   */
  setBudget(budget: number): void;
  /**
   * The quick kinds to measure where a run ends, unless they just were, so that its last numbers are those of its last point: each that keeps the
   * share within one and a half points of the budget.
   */
  closing(): ProbeKind[];
  /** Puts the kinds whose cadence hits this step on the waiting list; each step once, in order. */
  ask(step: number): void;
  /** The kind to measure now, or null. Made probes must be reported before the next call. */
  next(step: number): ProbeKind | null;
  /** Since when a kind waits. */
  waitingSince(kind: ProbeKind): number | null;
  spentTraining(seconds: number): void;
  /** A probe of the kind was made. */
  spentProbe(kind: ProbeKind, seconds: number): void;
  /** The kind has nothing to measure at this step: it waits no longer. */
  dismiss(kind: ProbeKind): void;
  /** Probe time ÷ (probe + training time); 0 before anything was spent. */
  share(): number;
  state(): ProbeScheduleState;
}

export interface ProbePrices {
  /** Expected cost of one probe in gradients of the probed examples, for kinds never measured. */
  readonly gradients: Readonly<Record<ProbeKind, number>>;
  /** Gradients of the probed examples that the training time of the whole run is worth; 0 when it has no known end. */
  readonly runGradients: number;
  /** Gradients of the probed examples that the training time of one step is worth; absent or 0: unknown. */
  readonly stepGradients?: number;
}

export function createProbeSchedule(plan: ProbePlan, prices: ProbePrices, from?: ProbeScheduleState): ProbeSchedule {
  const kinds = (Object.keys(plan.every) as ProbeKind[]).filter((kind) => (plan.every[kind] ?? 0) > 0);
  const waiting = new Map<ProbeKind, number>();
  const cost = new Map<ProbeKind, number>();
  const measuredAt = new Map(Object.entries(from?.measuredAt ?? {}) as [ProbeKind, number][]);
  let trainingSeconds = from?.trainingSeconds ?? 0;
  let probeSeconds = from?.probeSeconds ?? 0;
  let askedStep = from?.askedStep ?? -1;
  for (const kind of kinds) {
    const since = from?.waitingSince[kind];
    const known = from?.cost[kind];
    if (since !== undefined) waiting.set(kind, since);
    if (known !== undefined) cost.set(kind, known);
  }
  let changed = from?.changedBudget ?? null;
  let creditSpent = 0;

  const budgetNow = () => changed?.budget ?? plan.budget;

  /** Since the present budget holds. */
  const spentNow = () => ({
    training: trainingSeconds - (changed?.trainingSeconds ?? 0),
    probes: probeSeconds - (changed?.probeSeconds ?? 0),
  });

  /** Among equals the one with the shorter cadence: its next turn comes sooner. */
  function longestWaiting(step: number): ProbeKind | null {
    let chosen: ProbeKind | null = null;
    let longest = -1;
    for (const [kind, since] of waiting) {
      const waited = (step - since) / plan.every[kind]!;
      if (waited > longest || (waited === longest && plan.every[kind]! < plan.every[chosen!]!)) {
        chosen = kind;
        longest = waited;
      }
    }
    return chosen;
  }

  /** Seconds. Of a kind never measured: its gradients at the price that training has shown so far. */
  function expected(kind: ProbeKind): number {
    const known = cost.get(kind);
    const { stepGradients = 0 } = prices;
    if (known !== undefined || stepGradients === 0 || askedStep <= 0) return known ?? 0;
    return (prices.gradients[kind] * trainingSeconds) / (askedStep * stepGradients);
  }

  function affordable(kind: ProbeKind): boolean {
    const budget = budgetNow();
    if (budget >= 1) return true;
    const { training, probes } = spentNow();
    const spent = probes + 0.5 * expected(kind);
    return spent <= budget * (spent + training) && training > 0;
  }

  function onCredit(): ProbeKind | null {
    const cheapest = [...waiting.keys()].sort((a, b) => prices.gradients[a] - prices.gradients[b])[0];
    const budget = budgetNow();
    const credit = 0.25 * (budget / (1 - budget)) * prices.runGradients - creditSpent;
    if (cheapest === undefined || prices.gradients[cheapest] > credit) return null;
    creditSpent += prices.gradients[cheapest];
    return cheapest;
  }

  function closing(): ProbeKind[] {
    const budget = budgetNow();
    const { training, probes } = spentNow();
    let spent = probes;
    return closingKinds.filter((kind) => {
      if (!kinds.includes(kind) || budget <= 0 || measuredAt.get(kind) === askedStep) return false;
      const after = spent + expected(kind);
      const fits = budget >= 1 || trainingSeconds === 0 || after <= (budget + closingMargin) * (after + training);
      if (fits) spent = after;
      return fits;
    });
  }

  return {
    get budget() {
      return budgetNow();
    },
    setBudget(budget) {
      if (!(budget >= 0 && budget <= 1))
        throw new BadInput(`The probe budget ${budget} is no share of the time.`, 'Give a number from 0 to 1.');
      changed = { budget, trainingSeconds, probeSeconds };
    },
    closing,
    ask(step) {
      if (step <= askedStep) return;
      askedStep = step;
      for (const kind of kinds) if (step % plan.every[kind]! === 0 && !waiting.has(kind)) waiting.set(kind, step);
    },
    next(step) {
      const kind = longestWaiting(step);
      if (kind === null || budgetNow() <= 0) return null;
      if (affordable(kind)) return kind;
      return trainingSeconds === 0 ? onCredit() : null;
    },
    waitingSince: (kind) => waiting.get(kind) ?? null,
    spentTraining(seconds) {
      trainingSeconds += seconds;
    },
    spentProbe(kind, seconds) {
      probeSeconds += seconds;
      waiting.delete(kind);
      measuredAt.set(kind, askedStep);
      const known = cost.get(kind);
      cost.set(kind, known === undefined ? seconds : 0.5 * (known + seconds));
    },
    dismiss(kind) {
      waiting.delete(kind);
    },
    share: () => (probeSeconds > 0 ? probeSeconds / (probeSeconds + trainingSeconds) : 0),
    state: () => ({
      changedBudget: changed,
      trainingSeconds,
      probeSeconds,
      askedStep,
      waitingSince: Object.fromEntries(waiting),
      measuredAt: Object.fromEntries(measuredAt),
      cost: Object.fromEntries(cost),
    }),
  };
}
