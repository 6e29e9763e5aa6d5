import type { Axes, Field } from './grid.ts';
import { stridesOf } from './interpolate.ts';
import { ambiguousFaces, type CellCase, cellCase, edgeCorners, faceCorners } from './isosurface-cases.ts';

/** Triangles with shared vertices, ready for a graphics card: float32, three numbers a vertex. */
export interface Isosurface {
  readonly level: number;
  readonly positions: Float32Array;
  /** Of unit length along the gradient: from lower to higher values. */
  readonly normals: Float32Array;
  /** Three a triangle, counterclockwise seen from the higher side. */
  readonly indices: Uint32Array;
  /** The second field at each vertex, NaN where it is not known; null where none was asked for. */
  readonly colours: Float32Array | null;
}

/** No point of this state enters a cell; above every sum of four decided points. */
const unknown = 16;

/**
 * The surface {x : f(x) = level} of a field on three axes by marching cubes with the asymptotic decider: at a face whose
 * corners lie above and below in turn, the sign of the bilinear interpolant at its saddle decides, the same for both
 * cells, so no holes open between them. Each loop of a cell bounds a disc: a tunnel of the trilinear interpolant inside
 * one cell is not drawn. Vertices lie where the linear interpolant along an edge crosses; error O(h²) for a smooth field.
 *
 * Inside the grid the surface is a closed, consistently oriented 2-manifold by its indices, also where values equal the
 * level (they count as above; some triangles then have no area). It ends at the border of the grid and at cells with a
 * corner that was not computed or is not finite: holes are never filled.
 *
 * O(points + triangles), one pass. Source: Lorensen and Cline (1987); Nielson and Hamann (1991).
 */
export function isosurface(axes: Axes, field: Field, level: number, colour: Field | null = null): Isosurface {
  if (axes.length !== 3) throw new RangeError(`An isosurface needs three axes, not ${axes.length}.`);
  const march = new March(axes, field, level, colour);
  for (let k = 0; k + 1 < axes[2]!.length; k++) march.layer(k);
  return march.surface();
}

/** The bits of four corners in a plane of constant x, spread to their places among eight. */
const spread = Uint8Array.from({ length: 16 }, (_, four) =>
  [0, 1, 2, 3].reduce((bits, i) => bits | (((four >> i) & 1) << (2 * i)), 0),
);

const faceOfCorners = faceCorners.map((corners) => Uint8Array.from(corners));

class March {
  private readonly strides: Int32Array;
  private readonly state: Uint8Array;
  /** The vertex on each edge of two layers of points and of the edges between: x, x, y, y, z. */
  private readonly cache: Int32Array;
  private readonly cacheOffsets = new Int32Array(12);
  private readonly cornerOffsets = new Int32Array(8);
  private readonly vertices = new Int32Array(24);
  private positions = new Float32Array(3 * 4096);
  private normals = new Float32Array(3 * 4096);
  private colours = new Float32Array(4096);
  private indices = new Uint32Array(3 * 8192);
  private vertexCount = 0;
  private indexCount = 0;
  private readonly axes: Axes;
  private readonly field: Field;
  private readonly level: number;
  private readonly colour: Field | null;

  constructor(axes: Axes, field: Field, level: number, colour: Field | null) {
    this.axes = axes;
    this.field = field;
    this.level = level;
    this.colour = colour;
    this.strides = stridesOf(axes);
    const { values, computed } = field;
    this.state = new Uint8Array(values.length);
    for (let p = 0; p < values.length; p++) {
      const value = values[p]!;
      this.state[p] = computed[p] !== 1 || !Number.isFinite(value) ? unknown : value >= level ? 1 : 0;
    }
    this.cache = new Int32Array(5 * this.strides[2]!).fill(-1);
    for (let corner = 0; corner < 8; corner++) this.cornerOffsets[corner] = this.offsetOf(corner);
  }

  private offsetOf(corner: number): number {
    const [dx, dy, dz] = this.strides;
    return (corner & 1) * dx! + ((corner >> 1) & 1) * dy! + (corner >> 2) * dz!;
  }

  /** All cells between the layers k and k + 1 of points. */
  layer(k: number): void {
    const [nx, ny] = [this.axes[0]!.length, this.axes[1]!.length];
    const size = this.strides[2]!;
    const upper = (k + 1) & 1;
    if (k > 0) for (const section of [upper, 2 + upper, 4]) this.cache.fill(-1, section * size, (section + 1) * size);
    edgeCorners.forEach(([corner], edge) => {
      const axis = edge >> 2;
      const section = axis === 2 ? 4 : 2 * axis + ((k + (corner >> 2)) & 1);
      this.cacheOffsets[edge] = section * size + this.offsetOf(corner & 3);
    });
    const { state } = this;
    for (let j = 0; j + 1 < ny; j++) {
      const [a, b] = [j * nx + k * size, (j + 1) * nx + k * size];
      const [c, d] = [a + size, b + size];
      let left = state[a]! + 2 * state[b]! + 4 * state[c]! + 8 * state[d]!;
      for (let i = 0; i + 1 < nx; i++) {
        const right = state[a + i + 1]! + 2 * state[b + i + 1]! + 4 * state[c + i + 1]! + 8 * state[d + i + 1]!;
        const [before, after] = [left, right];
        left = right;
        if (before >= unknown || after >= unknown || (before === after && (before === 0 || before === 15))) continue;
        this.cell(i, j, k, spread[before]! | (spread[after]! << 1));
      }
    }
  }

  private cell(i: number, j: number, k: number, pattern: number): void {
    const base = i + j * this.strides[1]! + k * this.strides[2]!;
    const found = cellCase(pattern, ambiguousFaces[pattern]!.length === 0 ? 0 : this.joinedFaces(base, pattern));
    const { triangles } = found;
    if (found.middles.length > 0) this.middles(found, i, j, k);
    if (this.indexCount + triangles.length > this.indices.length) this.indices = doubled(this.indices);
    for (let n = 0; n < triangles.length; n++) {
      const corner = triangles[n]!;
      this.indices[this.indexCount++] = corner < 12 ? this.vertexOn(corner, i, j, k) : this.vertices[corner]!;
    }
  }

  /** Bit f where the bilinear interpolant of the ambiguous face f is above the level at its saddle. */
  private joinedFaces(base: number, pattern: number): number {
    let joined = 0;
    for (const face of ambiguousFaces[pattern]!) {
      const corners = faceOfCorners[face]!;
      const above = (n: number) => this.field.values[base + this.cornerOffsets[corners[n]!]!]! - this.level;
      // (f₀f₂ − f₁f₃)/(f₀ + f₂ − f₁ − f₃): the denominator has the sign of the corners 0 and 2.
      const [even, odd] = [above(0) * above(2), above(1) * above(3)];
      const evenIsAbove = ((pattern >> corners[0]!) & 1) === 1;
      if (evenIsAbove ? even > odd : odd > even) joined |= 1 << face;
    }
    return joined;
  }

  private vertexOn(edge: number, i: number, j: number, k: number): number {
    const slot = this.cacheOffsets[edge]! + i + j * this.strides[1]!;
    const known = this.cache[slot]!;
    if (known >= 0) return known;
    const corner = edgeCorners[edge]![0];
    const [x, y, z] = [i + (corner & 1), j + ((corner >> 1) & 1), k + (corner >> 2)];
    const vertex = this.newVertex();
    this.cache[slot] = vertex;
    const axis = edge >> 2;
    const from = x + y * this.strides[1]! + z * this.strides[2]!;
    const to = from + this.strides[axis]!;
    const { values } = this.field;
    const share = shareOf(values[from]!, values[to]!, this.level);
    const [across, up, deep] = [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0];
    this.positions[3 * vertex] = between(this.axes[0]!, x, across, share);
    this.positions[3 * vertex + 1] = between(this.axes[1]!, y, up, share);
    this.positions[3 * vertex + 2] = between(this.axes[2]!, z, deep, share);
    const gx = (1 - share) * this.slope(from, 0, x) + share * this.slope(to, 0, x + across);
    const gy = (1 - share) * this.slope(from, 1, y) + share * this.slope(to, 1, y + up);
    const gz = (1 - share) * this.slope(from, 2, z) + share * this.slope(to, 2, z + deep);
    const rising = values[to]! > values[from]! ? 1 : -1;
    this.setNormal(vertex, gx, gy, gz, axis, rising);
    if (this.colour) this.colours[vertex] = mixed(this.colour, from, to, share);
    return vertex;
  }

  /** The mean of a loop: it lies inside the cell, so no other cell has its edges. */
  private middles({ middles }: CellCase, i: number, j: number, k: number): void {
    middles.forEach((loop, m) => {
      const at = [0, 0, 0, 0, 0, 0, 0];
      for (const edge of loop) {
        const vertex = this.vertexOn(edge, i, j, k);
        for (let c = 0; c < 3; c++) {
          at[c]! += this.positions[3 * vertex + c]! / loop.length;
          at[3 + c]! += this.normals[3 * vertex + c]!;
        }
        at[6]! += this.colours[vertex]! / loop.length;
      }
      const vertex = this.newVertex();
      this.positions.set(at.slice(0, 3), 3 * vertex);
      this.setNormal(vertex, at[3]!, at[4]!, at[5]!, 2, 1);
      this.colours[vertex] = at[6]!;
      this.vertices[12 + m] = vertex;
    });
  }

  private newVertex(): number {
    if (3 * (this.vertexCount + 1) > this.positions.length) {
      this.positions = doubled(this.positions);
      this.normals = doubled(this.normals);
      this.colours = doubled(this.colours);
    }
    return this.vertexCount++;
  }

  /** Where the gradient vanishes the edge itself tells which way the field rises. */
  private setNormal(vertex: number, gx: number, gy: number, gz: number, axis: number, rising: number): void {
    const norm = Math.hypot(gx, gy, gz);
    const usable = norm > 0 && norm < Number.POSITIVE_INFINITY;
    this.normals[3 * vertex] = usable ? gx / norm : axis === 0 ? rising : 0;
    this.normals[3 * vertex + 1] = usable ? gy / norm : axis === 1 ? rising : 0;
    this.normals[3 * vertex + 2] = usable ? gz / norm : axis === 2 ? rising : 0;
  }

  /** ∂f/∂x_axis at a point: by the parabola through three points, or the line through two beside what is not known. */
  private slope(point: number, axis: number, at: number): number {
    const { values } = this.field;
    const coordinates = this.axes[axis]!;
    const stride = this.strides[axis]!;
    const back = at > 0 && this.state[point - stride]! < unknown;
    const ahead = at + 1 < coordinates.length && this.state[point + stride]! < unknown;
    const left = back ? (values[point]! - values[point - stride]!) / (coordinates[at]! - coordinates[at - 1]!) : 0;
    const right = ahead ? (values[point + stride]! - values[point]!) / (coordinates[at + 1]! - coordinates[at]!) : 0;
    if (!back || !ahead) return left + right;
    const [before, after] = [coordinates[at]! - coordinates[at - 1]!, coordinates[at + 1]! - coordinates[at]!];
    return (after * left + before * right) / (before + after);
  }

  surface(): Isosurface {
    return {
      level: this.level,
      positions: this.positions.slice(0, 3 * this.vertexCount),
      normals: this.normals.slice(0, 3 * this.vertexCount),
      indices: this.indices.slice(0, this.indexCount),
      colours: this.colour ? this.colours.slice(0, this.vertexCount) : null,
    };
  }
}

/** Differences of huge values overflow: halved first they do not. */
function shareOf(from: number, to: number, level: number): number {
  const share = (level / 2 - from / 2) / (to / 2 - from / 2);
  return share >= 0 ? Math.min(1, share) : 0;
}

const between = (axis: Float64Array, at: number, step: number, share: number): number =>
  step === 0 ? axis[at]! : axis[at]! + share * (axis[at + 1]! - axis[at]!);

function mixed({ values, computed }: Field, from: number, to: number, share: number): number {
  if ((share < 1 && computed[from] !== 1) || (share > 0 && computed[to] !== 1)) return Number.NaN;
  return share === 0 ? values[from]! : share === 1 ? values[to]! : (1 - share) * values[from]! + share * values[to]!;
}

function doubled<T extends Float32Array | Uint32Array>(array: T): T {
  const larger = new (array.constructor as new (length: number) => T)(2 * array.length);
  larger.set(array);
  return larger;
}
