import type { Result, Status } from '../linalg/result.ts';
import type { Random } from '../random/random.ts';
import {
  differenceSteps,
  distance,
  dot,
  extrapolate,
  type GradientDifferences,
  gradientDifferences,
  type LossDifferences,
  lossDifferences,
  norm,
} from './checked-differences.ts';
import { counted } from './counted.ts';
import type { LayerGraph } from './layer-graph.ts';
import type { Linearization, Objective } from './objective.ts';

/** Largest relative deviations that pass; the error of the differences is added to the last two. */
export interface CheckTolerances {
  readonly repeat: number;
  readonly symmetry: number;
  readonly gradient: number;
  readonly hessian: number;
}

/**
 * finite: loss, gradient and products are numbers · lossRepeats, gradientRepeats, productRepeats: the same θ twice ·
 * lossAgrees, gradientAgrees: `evaluate`, `gradient`, `losses` and `linearize` tell the same · symmetry: u·Hv = v·Hu ·
 * gradientAlong, gradientAcross: differences of the loss along ∇L and along random directions against ∇L ·
 * hessian: differences of the gradient along a random direction against the product.
 */
export type CheckName =
  | 'finite'
  | 'lossRepeats'
  | 'gradientRepeats'
  | 'productRepeats'
  | 'lossAgrees'
  | 'gradientAgrees'
  | 'symmetry'
  | 'gradientAlong'
  | 'gradientAcross'
  | 'hessian';

export interface CheckItem {
  readonly name: CheckName;
  /** Relative deviation. */
  readonly value: number;
  readonly tolerance: number;
  /** Undecided: rounding or kinks make the tolerance so wide (above 0.5) that neither outcome would say anything. */
  readonly outcome: 'passed' | 'failed' | 'undecided';
  /** What was found and, unless it passed, what to do. */
  readonly sentence: string;
}

export interface ObjectiveCheck {
  readonly items: readonly CheckItem[];
}

const defaults: Readonly<Record<'float64' | 'float32', CheckTolerances>> = {
  float64: { repeat: 1e-10, symmetry: 1e-9, gradient: 1e-6, hessian: 1e-6 },
  float32: { repeat: 1e-4, symmetry: 1e-4, gradient: 1e-2, hessian: 1e-2 },
};

const acrossDirections = 3;

/**
 * Is this objective fit for curvature? Deterministic, its Hessian symmetric, its gradient that of its loss, its product
 * that of its gradient, at one θ and along random directions of `rng`.
 *
 * Deviations are relative to the size that is typical: u·Hv is of the order ½(‖Hu‖ + ‖Hv‖)/√p for random unit u, v; the
 * derivative of the loss ‖∇L‖ along the gradient and ‖∇L‖/√p across. In float32 differences see errors of the gradient
 * and of the product above about 1 % only. Kinks (ReLU, max-pooling) between the points of a difference widen its error
 * estimate and with it the tolerance; in float32 no step is small enough to avoid them, and differences then converge
 * to the curvature of a smoothed loss, so that for networks with kinks a float32 product can pass, but not fail, by
 * differences. Whatever is undecided is decided by checking the same model in float64.
 *
 * Status: converged = nothing failed; stagnated = the same θ gives different numbers; notFinite; notSymmetric = the
 * derivatives do not fit each other or the loss (the items say which). Cost: 3 products, 15 gradients, 51 losses.
 */
export async function checkObjective<V>(
  objective: Objective<V>,
  theta: V,
  rng: Random,
  tolerances: Partial<CheckTolerances> = {},
): Promise<Result<ObjectiveCheck>> {
  const start = performance.now();
  const work = counted(objective);
  const items = await allItems(work, theta, rng, { ...defaults[objective.space.precision], ...tolerances });
  const stats = { ...work.counts, seconds: (performance.now() - start) / 1000 };
  return { value: { items }, status: statusOf(items), stats };
}

function statusOf(items: readonly CheckItem[]): Status {
  const failed = new Set(items.filter((item) => item.outcome === 'failed').map((item) => item.name));
  if (failed.has('finite')) return 'notFinite';
  if (failed.has('lossRepeats') || failed.has('gradientRepeats') || failed.has('productRepeats')) return 'stagnated';
  return failed.size > 0 ? 'notSymmetric' : 'converged';
}

async function allItems<V>(
  objective: Objective<V>,
  theta: V,
  rng: Random,
  tolerances: CheckTolerances,
): Promise<CheckItem[]> {
  const { space } = objective;
  const [u, v, ...across] = Array.from({ length: 2 + acrossDirections }, () => space.random(rng, 'sphere'));
  const once = await objective.gradient(theta);
  const again = await objective.gradient(theta);
  const linearization = await objective.linearize(theta);
  const hu = await linearization.hessianProduct(u!);
  const huAgain = await linearization.hessianProduct(u!);
  const hv = await linearization.hessianProduct(v!);
  const vectors = [u!, v!, ...across, once.gradient, again.gradient, hu, huAgain, hv];
  try {
    const norms = {
      theta: await norm(objective, theta),
      gradient: await norm(objective, once.gradient),
      hu: await norm(objective, hu),
      hv: await norm(objective, hv),
    };
    const finite = finiteItem([once.loss, ...Object.values(norms)]);
    if (finite.outcome === 'failed') return [finite];
    const steps = differenceSteps(space.precision, norms.theta);
    const along = await unitAlong(objective, once.gradient, norms.gradient, u!);
    vectors.push(along);
    const line = await lossDifferences(objective, theta, [along, ...across], steps);
    const curve = await gradientDifferences(objective, theta, u!, hu, steps, norms);
    return [
      finite,
      ...(await repeatItems(objective, theta, { once, again, linearization, hu, huAgain }, tolerances, {
        loss: line.scale,
        gradient: Math.max(norms.gradient, curve.variation),
        product: norms.hu,
        atOrigin: line.atOrigin,
      })),
      symmetryItem(await dot(objective, u!, hv), await dot(objective, v!, hu), norms, space.dim, tolerances.symmetry),
      ...(await gradientItems(objective, once.gradient, norms.gradient, [along, ...across], line, tolerances.gradient)),
      hessianItem(curve, norms.hu, tolerances.hessian, space.precision === 'float32' && hasKinks(objective.graph)),
    ];
  } finally {
    linearization.dispose();
    space.release(...vectors);
  }
}

/** ∇L/‖∇L‖, or another direction where the gradient vanishes. */
async function unitAlong<V>({ space }: Objective<V>, gradient: V, length: number, otherwise: V): Promise<V> {
  return length > 0 ? space.scale(space.copy(gradient), 1 / length) : space.copy(otherwise);
}

function item(name: CheckName, value: number, tolerance: number, found: string, advice: string): CheckItem {
  const numbers = `${found}: ${value.toExponential(1)}, allowed ${tolerance.toExponential(1)}.`;
  const judged = { name, value, tolerance };
  if (value <= tolerance && tolerance <= 0.5) return { ...judged, outcome: 'passed', sentence: numbers };
  // What is ten times beyond even a wide tolerance is wrong all the same; so is NaN.
  if (tolerance <= 0.5 || !(value <= 10 * tolerance)) {
    return { ...judged, outcome: 'failed', sentence: `${numbers} ${advice}` };
  }
  return { ...judged, outcome: 'undecided', sentence: `${numbers} ${undecidedAdvice}` };
}

const undecidedAdvice = 'Rounding or kinks hide the rest: check the same model in float64.';

/** deviation / scale, 0 where there is neither. */
function relative(deviation: number, scale: number): number {
  return deviation === 0 ? 0 : deviation / scale;
}

function finiteItem(numbers: readonly number[]): CheckItem {
  const missing = numbers.filter((value) => !Number.isFinite(value)).length;
  return item(
    'finite',
    missing,
    0,
    'Values among the loss and the norms of gradient and products that are not finite numbers',
    'Check the parameters and the data for NaN and infinity.',
  );
}

async function repeatItems<V>(
  objective: Objective<V>,
  theta: V,
  seen: {
    once: { loss: number; gradient: V };
    again: { loss: number; gradient: V };
    linearization: Linearization<V>;
    hu: V;
    huAgain: V;
  },
  { repeat }: CheckTolerances,
  scales: { loss: number; gradient: number; product: number; atOrigin: number },
): Promise<CheckItem[]> {
  const { once, again, linearization, hu, huAgain } = seen;
  const first = (await objective.evaluate(theta)).loss;
  const second = (await objective.evaluate(theta)).loss;
  const routes = [first, once.loss, linearization.loss, scales.atOrigin];
  const random = 'Switch off dropout and other random layers, or fix their seeds.';
  const compare = async (x: V, y: V, scale: number) => relative(await distance(objective, x, y), scale);
  const lossRepeats = relative(Math.max(Math.abs(second - first), Math.abs(again.loss - once.loss)), scales.loss);
  return [
    item('lossRepeats', lossRepeats, repeat, 'The loss at the same θ twice differs by', random),
    item(
      'gradientRepeats',
      await compare(again.gradient, once.gradient, scales.gradient),
      repeat,
      'The gradient at the same θ twice differs by',
      random,
    ),
    item(
      'productRepeats',
      await compare(huAgain, hu, scales.product),
      repeat,
      'The same Hessian product twice differs by',
      random,
    ),
    item(
      'lossAgrees',
      relative(Math.max(...routes) - Math.min(...routes), scales.loss),
      repeat,
      'The losses of a value, a gradient, a line and a linearization at the same θ differ by',
      'They are not the same function: see which layers behave differently in training.',
    ),
    item(
      'gradientAgrees',
      await compare(linearization.gradient, once.gradient, scales.gradient),
      repeat,
      'The gradients of a gradient call and of a linearization differ by',
      'They are not the same function: see which layers behave differently in training.',
    ),
  ];
}

function symmetryItem(
  uHv: number,
  vHu: number,
  norms: { hu: number; hv: number },
  dim: number,
  tolerance: number,
): CheckItem {
  const typical = (norms.hu + norms.hv) / (2 * Math.sqrt(dim));
  return item(
    'symmetry',
    relative(Math.abs(uHv - vHu), typical),
    tolerance,
    'u·Hv and v·Hu differ by',
    'The gradient of a layer is wrong: its "Hessian" is the Jacobian of a field that no loss has.',
  );
}

async function gradientItems<V>(
  objective: Objective<V>,
  gradient: V,
  length: number,
  directions: readonly V[],
  line: LossDifferences,
  tolerance: number,
): Promise<CheckItem[]> {
  const slopes = await objective.space.dots(directions, gradient);
  const advice = 'The gradient of a layer is wrong, or the loss has a kink or jump here.';
  const items = directions.map((_, j) => {
    const { value, error } = extrapolate(line.differences[j]!, line.steps, line.noise);
    const scale = Math.max(j === 0 ? length : length / Math.sqrt(objective.space.dim), error);
    const [name, found] =
      j === 0
        ? (['gradientAlong', 'Along itself the gradient and differences of the loss differ by'] as const)
        : (['gradientAcross', 'In a random direction the gradient and differences of the loss differ by'] as const);
    const deviation = relative(Math.abs(value - slopes[j]!), scale);
    return item(name, deviation, tolerance + relative(3 * error, scale), found, advice);
  });
  const [along, ...across] = items;
  across.sort((a, b) => b.value / b.tolerance - a.value / a.tolerance);
  // The median: a wrong gradient shows in every random direction, an unlucky set of kinks in one.
  return [along!, across[(acrossDirections - 1) / 2]!];
}

/** Layers and activations whose gradient jumps, as tf.layers names them. */
const kinks = /^(\w*relu\d?|selu|hardSigmoid|maximum|minimum|(global)?maxPooling\dD)$/i;

function hasKinks(graph: LayerGraph | undefined): boolean {
  return graph?.nodes.some(({ kind, activation }) => kinks.test(kind) || kinks.test(activation ?? '')) ?? false;
}

function hessianItem(curve: GradientDifferences, length: number, tolerance: number, smoothed: boolean): CheckItem {
  const { deviation, error } = curve;
  const scale = Math.max(length, error);
  const hessian = item(
    'hessian',
    relative(deviation, scale),
    tolerance + relative(3 * error, scale),
    'The Hessian product and differences of the gradient differ by',
    'The second derivative of a layer is wrong, or the gradient jumps here.',
  );
  if (hessian.outcome !== 'failed' || !smoothed) return hessian;
  const sentence = hessian.sentence.replace(
    /allowed .*/,
    `which decides nothing for a network with kinks in float32. ${undecidedAdvice}`,
  );
  return { ...hessian, outcome: 'undecided', sentence };
}
