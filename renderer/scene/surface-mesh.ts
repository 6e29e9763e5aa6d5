import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DataTexture,
  DoubleSide,
  DynamicDrawUsage,
  LinearFilter,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshLambertMaterial,
  RepeatWrapping,
  RGBAFormat,
  SRGBColorSpace,
} from 'three';
import type { Tile } from './holes.ts';
import type { SceneStyle } from './painter.ts';
import type { SceneContent } from './scene-model.ts';
import { type SurfaceArrays, surfaceKinds } from './surface-arrays.ts';
import { type ColourScale, clippedStripes, paleColour, surfaceTable, unknownColour } from './surface-colours.ts';
import { type Uploads, uploads } from './uploads.ts';

/** The surface and the floor of its holes, coloured by a table that each pixel looks its colour up in. */
export interface SurfaceMesh {
  readonly object: Mesh;
  /** Tiles on the floor, where the surface has holes. */
  readonly floor: Mesh;
  /** The surface from fewer points, in its place while it moves and the processor draws. */
  readonly coarse: Mesh;
  hurry(isHurried: boolean): void;
  /** The triangles of the coarse surface while it is seen; null otherwise. */
  readonly coarseTriangles: Uint32Array | null;
  /** Outlines on demand. */
  readonly wires: LineSegments;
  show(arrays: SurfaceArrays, outlines: SceneContent['outlines'], tiles: readonly Tile[]): void;
  colours(style: SceneStyle, scale: Pick<ColourScale, 'diverging'>): void;
  dispose(): void;
}

export function surfaceMesh(): SurfaceMesh {
  const texture = colourTexture();
  // Lines on the surface are drawn at its own depth: the surface steps back for them.
  const offset = { polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 4 };
  const material = new MeshLambertMaterial({ map: texture, side: DoubleSide, ...offset });
  const ink = new LineBasicMaterial({ transparent: true, opacity: 0.3, color: '#0d1014' });
  const object = new Mesh(new BufferGeometry(), material);
  const floor = new Mesh(new BufferGeometry(), material);
  const wires = new LineSegments(new BufferGeometry(), ink);
  const coarse = new Mesh(new BufferGeometry(), material);
  for (const each of [object, coarse, floor, wires]) each.frustumCulled = false;
  [floor.visible, coarse.visible, wires.visible] = [false, false, false];
  let [isHurried, hasWires]: [boolean, boolean] = [false, false];
  let shown: SurfaceArrays | null = null;
  /** Made when it is first wanted. */
  let isCoarseKnown = false;
  let sent: { readonly arrays: readonly unknown[]; readonly each: readonly Uploads[] } | null = null;
  let wired: { readonly key: string; readonly sent: Uploads } | null = null;
  let tiled: { readonly room: number; readonly each: readonly Uploads[] } | null = null;

  function showSurface({ positions, normals, colourCoordinates, index, indexLength }: SurfaceArrays): void {
    const arrays = [positions, normals, colourCoordinates, index] as const;
    if (sent === null || arrays.some((array, i) => array !== sent?.arrays[i])) {
      object.geometry.dispose();
      const { geometry, attributes } = geometryOf(positions, normals, colourCoordinates, index);
      object.geometry = geometry;
      sent = { arrays, each: attributes.map(uploads) };
      wired = null;
    }
    sent.each.forEach((each, i) => {
      each.send(arrays[i]!.length);
    });
    object.geometry.setDrawRange(0, indexLength);
    forgetCoarse();
  }
  function forgetCoarse(): void {
    if (isCoarseKnown) coarse.geometry.dispose();
    isCoarseKnown = false;
  }
  function chooseDetail(): void {
    const stride = isHurried && shown ? coarseStride(shown) : 1;
    if (stride > 1 && shown && !isCoarseKnown) {
      coarse.geometry = new BufferGeometry();
      for (const name of ['position', 'normal', 'uv'])
        coarse.geometry.setAttribute(name, object.geometry.getAttribute(name));
      coarse.geometry.setIndex(new BufferAttribute(coarseIndex(shown, stride), 1));
      isCoarseKnown = true;
    }
    coarse.visible = stride > 1 && (shown?.triangles ?? 0) > 0;
    object.visible = stride === 1 && (shown?.triangles ?? 0) > 0;
    wires.visible = hasWires && stride === 1;
  }
  /** Shares its corners with the surface. */
  function showWires(arrays: SurfaceArrays, outlines: SceneContent['outlines']): void {
    hasWires = Boolean(outlines) && arrays.triangles > 0;
    if (!outlines) {
      if (wired !== null) wires.geometry.dispose();
      wires.geometry = wired === null ? wires.geometry : new BufferGeometry();
      wired = null;
      return;
    }
    const index = outlines === 'cells' ? cellEdges(arrays) : triangleEdges(arrays);
    const key = `${outlines} ${index.length}`;
    if (wired?.key !== key || wires.geometry.getAttribute('position') !== object.geometry.getAttribute('position')) {
      wires.geometry.dispose();
      wires.geometry = new BufferGeometry();
      wires.geometry.setAttribute('position', object.geometry.getAttribute('position'));
      const attribute = new BufferAttribute(new Uint32Array(index.length), 1).setUsage(DynamicDrawUsage);
      wires.geometry.setIndex(attribute);
      wired = { key, sent: uploads(attribute) };
    }
    (wires.geometry.index!.array as Uint32Array).set(index);
    wired.sent.send(index.length);
  }
  function showFloor(tiles: readonly Tile[]): void {
    floor.visible = tiles.length > 0;
    if (tiles.length === 0) return;
    if (tiled === null || tiled.room < tiles.length) {
      const room = 2 ** Math.ceil(Math.log2(Math.max(16, tiles.length)));
      floor.geometry.dispose();
      const made = geometryOf(
        new Float32Array(12 * room),
        Float32Array.from({ length: 12 * room }, (_, i) => (i % 3 === 1 ? 1 : 0)),
        new Float32Array(8 * room),
        Uint32Array.from({ length: 6 * room }, (_, i) => 4 * Math.floor(i / 6) + [0, 1, 2, 0, 2, 3][i % 6]!),
      );
      floor.geometry = made.geometry;
      tiled = { room, each: made.attributes.map(uploads) };
    }
    const [positions, colours] = (['position', 'uv'] as const).map(
      (name) => floor.geometry.getAttribute(name).array as Float32Array,
    ) as [Float32Array, Float32Array];
    tiles.forEach((tile, i) => {
      placeTile(tile, positions, colours, i);
    });
    tiled.each[0]!.send(12 * tiles.length);
    tiled.each[2]!.send(8 * tiles.length);
    floor.geometry.setDrawRange(0, 6 * tiles.length);
  }
  return {
    object,
    floor,
    wires,
    show(arrays, outlines, tiles) {
      shown = arrays;
      showSurface(arrays);
      showWires(arrays, outlines);
      showFloor(tiles);
      chooseDetail();
    },
    coarse,
    get coarseTriangles() {
      return coarse.visible ? (coarse.geometry.index!.array as Uint32Array) : null;
    },
    hurry(next) {
      if (next === isHurried) return;
      isHurried = next;
      chooseDetail();
      // What is seen for a moment only leaves nothing behind.
      if (!next) forgetCoarse();
    },
    colours(style, scale) {
      fillTexture(texture.image.data as Uint8Array, style, scale);
      texture.needsUpdate = true;
    },
    dispose() {
      for (const each of [object, coarse, floor, wires]) each.geometry.dispose();
      texture.dispose();
      material.dispose();
      ink.dispose();
    },
  };
}

const tableRows = 8;

/** Colours along, kinds of surface across; kinds beyond the last are grey. */
function colourTexture(): DataTexture {
  const texture = new DataTexture(new Uint8Array(4 * 256 * tableRows), 256, tableRows, RGBAFormat);
  texture.colorSpace = SRGBColorSpace;
  texture.magFilter = LinearFilter;
  texture.minFilter = LinearFilter;
  // Stripes go on; the ends of the scale lie in the middle of their colours, so that they do not run into each other.
  texture.wrapS = RepeatWrapping;
  texture.repeat.x = 255 / 256;
  texture.offset.x = 0.5 / 256;
  return texture;
}

function fillTexture(data: Uint8Array, style: SceneStyle, scale: Pick<ColourScale, 'diverging'>): void {
  const table = surfaceTable(style.colourMap, scale);
  const mix = (share: number) => {
    const colour = new Color(style.background === 'transparent' ? '#ffffff' : style.background);
    return colour.lerp(new Color(style.quietText), share).getRGB({ r: 0, g: 0, b: 0 }, SRGBColorSpace);
  };
  const tone = (share: number) => Object.values(mix(share)).map((one) => Math.round(255 * one));
  const [faint, light, middle, strong] = [tone(0.12), tone(0.2), tone(0.45), tone(0.7)];
  const rows: ((i: number) => readonly number[])[] = [
    (i) => [table[3 * i]!, table[3 * i + 1]!, table[3 * i + 2]!],
    (i) => clippedStripes[i < 128 ? 0 : 1]!,
    () => faint,
    (i) => (i < 150 ? light : middle),
    (i) => (i < 128 ? middle : strong),
    (i) => paleColour(table, i),
  ];
  for (let row = 0; row < tableRows; row++)
    for (let i = 0; i < 256; i++) data.set([...(rows[row]?.(i) ?? unknownColour), 255], 4 * (256 * row + i));
}

/** Widths of stripes: NaN in one direction, infinities narrower in the other one. */
const stripes = { missing: 1, nan: 0.05, infinite: -0.03 } as const;

function placeTile({ kind, x, z }: Tile, positions: Float32Array, colours: Float32Array, tile: number): void {
  const corners = [
    [x[0], z[0]],
    [x[1], z[0]],
    [x[1], z[1]],
    [x[0], z[1]],
  ] as const;
  const width = stripes[kind];
  corners.forEach(([cx, cz], i) => {
    positions.set([cx, 0, cz], 12 * tile + 3 * i);
    colours.set([(cx + Math.sign(width) * cz) / width, surfaceKinds[kind]], 8 * tile + 2 * i);
  });
}

function geometryOf(positions: Float32Array, normals: Float32Array, colours: Float32Array, index: Uint32Array) {
  const geometry = new BufferGeometry();
  const dynamic = (array: Float32Array | Uint32Array, size: number) =>
    new BufferAttribute(array, size).setUsage(DynamicDrawUsage);
  const attributes = [dynamic(positions, 3), dynamic(normals, 3), dynamic(colours, 2), dynamic(index, 1)] as const;
  geometry.setAttribute('position', attributes[0]);
  geometry.setAttribute('normal', attributes[1]);
  geometry.setAttribute('uv', attributes[2]);
  geometry.setIndex(attributes[3]);
  return { geometry, attributes };
}

/** Four sides of each square, in the place of its first cell. */
function cellEdges({ owner, columns }: SurfaceArrays): Uint32Array {
  const width = columns - 1;
  const edges = new Uint32Array(8 * owner.length);
  owner.forEach((point, cell) => {
    const isFirst = point >= 0 && cell === Math.floor(point / columns) * width + (point % columns);
    if (!isFirst) return;
    let stride = 1;
    while ((cell % width) + stride < width && owner[cell + stride] === point) stride++;
    const [b, d] = [point + stride, point + stride * columns];
    edges.set([point, b, b, d + stride, d + stride, d, d, point], 8 * cell);
  });
  return edges;
}

function triangleEdges({ index, indexLength }: SurfaceArrays): Uint32Array {
  const edges = new Uint32Array(2 * indexLength);
  for (let i = 0; i < indexLength; i += 3) {
    const [a, b, c] = [index[i]!, index[i + 1]!, index[i + 2]!];
    edges[2 * i] = a;
    edges[2 * i + 1] = b;
    edges[2 * i + 2] = b;
    edges[2 * i + 3] = c;
    edges[2 * i + 4] = c;
    edges[2 * i + 5] = a;
  }
  return edges;
}

/** Cells that software turns at an even pace. */
const quickCells = 6000;

/** Points left out along each side. */
const coarseStride = ({ owner }: SurfaceArrays): number => Math.max(1, Math.ceil(Math.sqrt(owner.length / quickCells)));

/**
 * Squares of `stride` cells; where one of its cells is a hole, cut or part of a larger square, its cells as they are.
 * Triangles along a cut stay.
 */
function coarseIndex({ owner, columns, rows, index, indexLength }: SurfaceArrays, stride: number): Uint32Array {
  const width = columns - 1;
  const made: number[] = [];
  for (let row = 0; row < rows - 1; row += stride)
    for (let column = 0; column < width; column += stride) {
      const [height, across] = [Math.min(stride, rows - 1 - row), Math.min(stride, width - column)];
      const cells = Array.from({ length: height * across }, (_, i) => {
        return (row + Math.floor(i / across)) * width + column + (i % across);
      });
      const isWhole = cells.every((cell) => {
        const isOwn = owner[cell] === Math.floor(cell / width) * columns + (cell % width);
        return isOwn && index[6 * cell] !== index[6 * cell + 1] && index[6 * cell + 3] !== index[6 * cell + 4];
      });
      const [a, d] = [row * columns + column, (row + height) * columns + column];
      if (isWhole) made.push(a, a + across, d + across, a, d + across, d);
      else for (const cell of cells) made.push(...index.subarray(6 * cell, 6 * cell + 6));
    }
  for (let i = 6 * owner.length; i < indexLength; i++) made.push(index[i]!);
  return new Uint32Array(made);
}
