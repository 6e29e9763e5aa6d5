import type { LinearOperator } from '../linear-operator.ts';
import { machineEpsilon } from '../precision.ts';
import { closedFactor } from './lanczos-process.ts';
import { orthogonalize } from './orthogonalize.ts';
import { projectedEigen } from './projected-eigen.ts';

/**
 * The block of a LOBPCG iteration: Ritz vectors X, directions P of the last step, [X P] orthonormal, their products, and
 * H = [X P]ᵀ A [X P]. The Ritz values of X ascend.
 */
export interface LobpcgBlock<V> {
  readonly operator: LinearOperator<V>;
  readonly preconditioner: LinearOperator<V> | null;
  x: V[];
  ax: V[];
  p: V[];
  ap: V[];
  /** Row-major, order x + p. */
  h: Float64Array;
  values: Float64Array;
  products: number;
  preconditionerProducts: number;
  /** Largest ‖A v‖ seen. */
  scale: number;
  asymmetry: number;
}

/** How many Ritz vectors are carried at each end. */
export interface LobpcgSizes {
  readonly top: number;
  readonly bottom: number;
}

export type LobpcgStep = 'advanced' | 'noDirection' | 'notFinite';

/** In the coordinates of an orthonormal basis: what is left of a direction below this share of it is rounding. */
const directionShare = 1e-10;

/** Orthonormal start vectors (consumed), their products and their Ritz pairs. Cost: a product each. */
export async function startLobpcgBlock<V>(
  operator: LinearOperator<V>,
  preconditioner: LinearOperator<V> | null,
  starts: readonly V[],
  sizes: LobpcgSizes,
): Promise<{ block: LobpcgBlock<V>; step: LobpcgStep }> {
  const block: LobpcgBlock<V> = {
    operator,
    preconditioner,
    x: [],
    ax: [],
    p: [],
    ap: [],
    h: new Float64Array(0),
    values: new Float64Array(0),
    products: 0,
    preconditionerProducts: 0,
    scale: 0,
    asymmetry: 0,
  };
  const directions = await orthonormalBeside(operator, [], starts);
  return { block, step: await extendAndProject(block, directions, sizes, () => false) };
}

/** A xᵢ − θᵢ xᵢ from the products that are carried along, and their lengths. The vectors are the caller's. */
export async function lobpcgResiduals<V>({ operator, x, ax, values }: LobpcgBlock<V>) {
  const { space } = operator;
  const vectors: V[] = [];
  const norms = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const residual = space.addScaled(space.copy(ax[i]!), -values[i]!, x[i]!);
    norms[i] = Math.sqrt((await space.dots([residual], residual))[0]!);
    vectors.push(residual);
  }
  return { vectors, norms };
}

/**
 * One iteration: the residuals given (consumed), preconditioned and made orthonormal to [X P], join the basis, and the
 * Ritz vectors of the whole are the next X. Cost: a product a residual; 4 s p operations for each of the s ≤ 3 (block)
 * vectors.
 */
export async function advanceLobpcg<V>(
  block: LobpcgBlock<V>,
  residuals: readonly V[],
  sizes: LobpcgSizes,
  isLocked: (place: number) => boolean,
): Promise<LobpcgStep> {
  const { operator, preconditioner } = block;
  const { space } = operator;
  let directions = residuals;
  if (preconditioner !== null) {
    const conditioned: V[] = [];
    for (const residual of residuals) conditioned.push(await preconditioner.apply(residual));
    block.preconditionerProducts += residuals.length;
    space.release(...residuals);
    directions = conditioned;
  }
  const fresh = await orthonormalBeside(operator, [...block.x, ...block.p], directions);
  return fresh.length === 0 ? 'noDirection' : extendAndProject(block, fresh, sizes, isLocked);
}

/** Products of the X at these places anew, P forgotten: what rounding has added to the carried products is gone. */
export async function refreshLobpcg<V>(block: LobpcgBlock<V>, places: readonly number[]): Promise<boolean> {
  const { operator } = block;
  const { space } = operator;
  for (const i of places) {
    const product = await operator.apply(block.x[i]!);
    block.products++;
    space.release(block.ax[i]!);
    block.ax[i] = product;
    const [value] = await space.dots([block.x[i]!], product);
    if (!Number.isFinite(value!)) return false;
    block.values[i] = value!;
  }
  space.release(...block.p, ...block.ap);
  block.p = [];
  block.ap = [];
  const n = block.x.length;
  block.h = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const column = await space.dots(block.x, block.ax[j]!);
    for (let i = 0; i < n; i++) block.h[i * n + j] = column[i]!;
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      block.h[i * n + j] = block.h[j * n + i] = (block.h[i * n + j]! + block.h[j * n + i]!) / 2;
    }
  }
  return true;
}

export function releaseLobpcg<V>({ operator, x, ax, p, ap }: LobpcgBlock<V>): void {
  operator.space.release(...x, ...ax, ...p, ...ap);
}

/** What is left of the vectors (consumed) beside an orthonormal frame and each other; rounding is dropped. */
async function orthonormalBeside<V>({ space }: LinearOperator<V>, frame: readonly V[], vectors: readonly V[]) {
  const kept: V[] = [];
  const waiting = [...vectors];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { vector, norm, length } = await orthogonalize(space, [...frame, ...kept], next);
    if (frame.length + kept.length < space.dim && norm > closedFactor * machineEpsilon(space.precision) * length) {
      kept.push(space.scale(vector, 1 / norm));
    } else space.release(vector);
  }
  return kept;
}

/** Rayleigh–Ritz on [X P W] for orthonormal W beside [X P] (owned from here on). */
async function extendAndProject<V>(
  block: LobpcgBlock<V>,
  w: readonly V[],
  sizes: LobpcgSizes,
  isLocked: (place: number) => boolean,
): Promise<LobpcgStep> {
  const { operator } = block;
  const { space } = operator;
  const aw: V[] = [];
  const basis = [...block.x, ...block.p, ...w];
  const old = basis.length - w.length;
  const s = basis.length;
  const h = new Float64Array(s * s);
  for (let i = 0; i < old; i++) h.set(block.h.subarray(i * old, (i + 1) * old), i * s);
  try {
    if (!(await projectNew(block, basis, old, h, aw))) {
      space.release(...w, ...aw);
      return 'notFinite';
    }
  } catch (error) {
    space.release(...w, ...aw);
    throw error;
  }
  symmetrize(block, h, s, old);
  const { values, vectors } = projectedEigen({ rows: s, columns: s, data: h });
  const places = endPlaces(s, sizes);
  const ritz = places.map((place) => vectors.slice(place * s, (place + 1) * s));
  const directions = newDirections(ritz, block.x.length, isLocked);
  const products = [...block.ax, ...block.ap, ...aw];
  const next = {
    x: ritz.map((c) => space.combine(basis, c)),
    ax: ritz.map((c) => space.combine(products, c)),
    p: directions.map((c) => space.combine(basis, c)),
    ap: directions.map((c) => space.combine(products, c)),
  };
  space.release(...basis, ...products);
  Object.assign(block, next);
  block.values = Float64Array.from(places, (place) => values[place]!);
  block.h = congruent(h, s, [...ritz, ...directions]);
  return 'advanced';
}

/** The rows and columns of H that belong to the new vectors, from their products (pushed on `aw`); false where not finite. */
async function projectNew<V>(
  block: LobpcgBlock<V>,
  basis: readonly V[],
  old: number,
  h: Float64Array,
  aw: V[],
): Promise<boolean> {
  const { operator } = block;
  const { space } = operator;
  const s = basis.length;
  for (let j = old; j < s; j++) {
    const product = await operator.apply(basis[j]!);
    block.products++;
    aw.push(product);
    const dots = await space.dots([...basis, product], product);
    if (!dots.every(Number.isFinite)) return false;
    block.scale = Math.max(block.scale, Math.sqrt(dots[s]!));
    for (let i = 0; i < s; i++) h[i * s + j] = dots[i]!;
    const transposed = await space.dots(block.ax, basis[j]!);
    for (let i = 0; i < old; i++) h[j * s + i] = transposed[i] ?? dots[i]!;
  }
  return true;
}

/** Means of the entries that symmetry makes equal; their largest difference is the asymmetry. */
function symmetrize<V>(block: LobpcgBlock<V>, h: Float64Array, s: number, old: number): void {
  for (let j = old; j < s; j++) {
    for (let i = 0; i < j; i++) {
      const upper = h[i * s + j]!;
      const lower = h[j * s + i]!;
      if (block.scale > 0) block.asymmetry = Math.max(block.asymmetry, Math.abs(upper - lower) / block.scale);
      h[i * s + j] = h[j * s + i] = (upper + lower) / 2;
    }
  }
}

/** Places of the outermost of s ascending values, ascending. */
function endPlaces(s: number, { top, bottom }: LobpcgSizes): number[] {
  return Array.from({ length: s }, (_, i) => i).filter((i) => i < bottom || i >= s - top);
}

/**
 * P in the coordinates of the basis: of each Ritz vector that still moves the part outside of the old X, made orthonormal
 * to all new Ritz vectors and to each other there, where that is exact to rounding (Hetmaniuk and Lehoucq 2006; Duersch,
 * Shao, Yang and Gu 2018).
 */
function newDirections(ritz: readonly Float64Array[], oldX: number, isLocked: (place: number) => boolean) {
  const directions: Float64Array[] = [];
  ritz.forEach((c, place) => {
    if (isLocked(place)) return;
    const d = c.slice();
    d.fill(0, 0, oldX);
    const before = Math.hypot(...d);
    if (before === 0) return;
    for (let pass = 0; pass < 2; pass++) {
      for (const q of [...ritz, ...directions]) {
        let dot = 0;
        for (let i = 0; i < d.length; i++) dot += q[i]! * d[i]!;
        for (let i = 0; i < d.length; i++) d[i] = d[i]! - dot * q[i]!;
      }
    }
    const norm = Math.hypot(...d);
    if (oldX > 0 && norm > directionShare * before) directions.push(d.map((entry) => entry / norm));
  });
  return directions;
}

/** BᵀHB for the columns of B given one by one. */
function congruent(h: Float64Array, s: number, columns: readonly Float64Array[]): Float64Array {
  const n = columns.length;
  const images = columns.map((c) => {
    const image = new Float64Array(s);
    for (let i = 0; i < s; i++) for (let j = 0; j < s; j++) image[i] = image[i]! + h[i * s + j]! * c[j]!;
    return image;
  });
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < s; k++) sum += columns[i]![k]! * images[j]![k]!;
      result[i * n + j] = sum;
    }
  }
  return result;
}
