import type { Surface, SurfaceCriticalPoint } from './surface.ts';

type Row = readonly [x: number, y: number, index: number];

/** Non-degenerate critical points, one row each. */
const morse = (rows: readonly Row[]): SurfaceCriticalPoint[] =>
  rows.map(([x, y, index]) => ({ x, y, index, nullity: 0 }));

export const saddle: Surface = {
  title: 'Saddle',
  formula: '5x² − y²',
  domain: { x: [-1.5, 1.5], y: [-1.5, 1.5] },
  source: 'Dauphin et al. (2014), figure 2',
  value: (x, y) => 5 * x * x - y * y,
  gradient: (x, y) => [10 * x, -2 * y],
  hessian: () => [10, 0, -2],
  criticalPoints: morse([[0, 0, 1]]),
};

export const monkeySaddle: Surface = {
  title: 'Monkey saddle',
  formula: 'x³ − 3xy²',
  domain: { x: [-1.5, 1.5], y: [-1.5, 1.5] },
  source: 'Dauphin et al. (2014), figure 2',
  value: (x, y) => x * x * x - 3 * x * y * y,
  gradient: (x, y) => [3 * x * x - 3 * y * y, -6 * x * y],
  hessian: (x, y) => [6 * x, -6 * y, -6 * x],
  criticalPoints: [{ x: 0, y: 0, index: 0, nullity: 2 }],
};

export const twoMinima: Surface = {
  title: 'Saddle between two minima',
  formula: '½x² − ½y² + ¼y⁴',
  domain: { x: [-1.5, 1.5], y: [-1.5, 1.5] },
  source: 'the normal form of a saddle whose unstable direction ends in minima; Nesterov (2004), example 1.2.2',
  value: (x, y) => 0.5 * x * x - 0.5 * y * y + 0.25 * y ** 4,
  gradient: (x, y) => [x, y * y * y - y],
  hessian: (_, y) => [1, 0, 3 * y * y - 1],
  criticalPoints: morse([
    [0, 0, 1],
    [0, 1, 0],
    [0, -1, 0],
  ]),
};

export const rosenbrock: Surface = {
  title: 'Rosenbrock’s valley',
  formula: '(1 − x)² + 100 (y − x²)²',
  domain: { x: [-2, 2], y: [-1, 3] },
  source: 'Rosenbrock (1960)',
  value: (x, y) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
  gradient: (x, y) => [2 * (x - 1) - 400 * x * (y - x * x), 200 * (y - x * x)],
  hessian: (x, y) => [2 - 400 * y + 1200 * x * x, -400 * x, 200],
  criticalPoints: morse([[1, 1, 0]]),
};

export const himmelblau: Surface = {
  title: 'Himmelblau’s function',
  formula: '(x² + y − 11)² + (x + y² − 7)²',
  domain: { x: [-6, 6], y: [-6, 6] },
  source: 'Himmelblau (1972)',
  value: (x, y) => (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2,
  gradient: (x, y) => {
    const a = x * x + y - 11;
    const b = x + y * y - 7;
    return [4 * x * a + 2 * b, 2 * a + 4 * y * b];
  },
  hessian: (x, y) => [12 * x * x + 4 * y - 42, 4 * (x + y), 12 * y * y + 4 * x - 26],
  criticalPoints: morse([
    [3, 2, 0],
    [-2.805118086952745, 3.131312518250573, 0],
    [-3.779310253377747, -3.283185991286169, 0],
    [3.5844283403304917, -1.8481265269644036, 0],
    [3.385154183607021, 0.07385187983774928, 1],
    [0.08667750455539634, 2.884254701174776, 1],
    [-3.0730257507643897, -0.08135304428796751, 1],
    [-0.12796134673068005, -1.9537149802445766, 1],
    [-0.2708445906673476, -0.9230385564799815, 2],
  ]),
};

export const beale: Surface = {
  title: 'Beale’s function',
  formula: '(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²',
  domain: { x: [-4.5, 4.5], y: [-4.5, 4.5] },
  source: 'Beale (1958)',
  value: (x, y) => bealeResiduals(x, y).reduce((sum, r) => sum + r * r, 0),
  gradient: (x, y) => {
    const [a, b, c] = bealeResiduals(x, y);
    return [2 * (a * (y - 1) + b * (y * y - 1) + c * (y ** 3 - 1)), 2 * x * (a + 2 * y * b + 3 * y * y * c)];
  },
  hessian: (x, y) => {
    const [a, b, c] = bealeResiduals(x, y);
    const slopes = [y - 1, y * y - 1, y ** 3 - 1] as const;
    return [
      2 * (slopes[0] ** 2 + slopes[1] ** 2 + slopes[2] ** 2),
      2 * (a + 2 * y * b + 3 * y * y * c) + 2 * x * (slopes[0] + 2 * y * slopes[1] + 3 * y * y * slopes[2]),
      2 * x * (x + 2 * b + 4 * y * y * x + 6 * y * c + 9 * y ** 4 * x),
    ];
  },
  criticalPoints: morse([
    [3, 0.5, 0],
    [0, 1, 1],
    [0.10053793732415836, -2.644513585023125, 1],
  ]),
};

function bealeResiduals(x: number, y: number): readonly [number, number, number] {
  return [1.5 - x + x * y, 2.25 - x + x * y * y, 2.625 - x + x * y ** 3];
}

export const sixHumpCamel: Surface = {
  title: 'Six-hump camel',
  formula: '(4 − 2.1x² + x⁴/3) x² + xy + (−4 + 4y²) y²',
  domain: { x: [-2, 2], y: [-1, 1] },
  source: 'Dixon and Szegő (1978)',
  value: (x, y) => (4 - 2.1 * x * x + x ** 4 / 3) * x * x + x * y + (-4 + 4 * y * y) * y * y,
  gradient: (x, y) => [8 * x - 8.4 * x ** 3 + 2 * x ** 5 + y, x - 8 * y + 16 * y ** 3],
  hessian: (x, y) => [8 - 25.2 * x * x + 10 * x ** 4, 1, -8 + 48 * y * y],
  criticalPoints: symmetricAboutTheOrigin([
    [0.08984201310031807, -0.7126564030207396, 0],
    [1.703606714969981, -0.7960835686726251, 0],
    [1.6071047529201978, 0.5686514548841313, 0],
    [1.6380679841897785, 0.22867406904439408, 1],
    [1.2960702671671092, 0.6050843880386585, 1],
    [1.1092053368047863, -0.7682680925095399, 1],
    [1.2302298765166526, 0.16233458445899498, 2],
  ]),
};

/** The given points, their mirror images, and the saddle at the origin. */
function symmetricAboutTheOrigin(rows: readonly Row[]): SurfaceCriticalPoint[] {
  return morse([[0, 0, 1], ...rows, ...rows.map(([x, y, index]): Row => [-x, -y, index])]);
}

export const booth: Surface = {
  title: 'Booth’s function',
  formula: '(x + 2y − 7)² + (2x + y − 5)²',
  domain: { x: [-10, 10], y: [-10, 10] },
  source: 'Jamil and Yang (2013), function 17',
  value: (x, y) => (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
  gradient: (x, y) => [10 * x + 8 * y - 34, 8 * x + 10 * y - 38],
  hessian: () => [10, 8, 10],
  criticalPoints: morse([[1, 3, 0]]),
};

const turn = 2 * Math.PI;

export const rastrigin: Surface = {
  title: 'Rastrigin’s function',
  formula: '20 + x² − 10 cos 2πx + y² − 10 cos 2πy',
  domain: { x: [-5, 5], y: [-5, 5] },
  source: 'Rastrigin (1974)',
  value: (x, y) => 20 + x * x - 10 * Math.cos(turn * x) + y * y - 10 * Math.cos(turn * y),
  gradient: (x, y) => [2 * x + 10 * turn * Math.sin(turn * x), 2 * y + 10 * turn * Math.sin(turn * y)],
  hessian: (x, y) => [2 + 10 * turn * turn * Math.cos(turn * x), 0, 2 + 10 * turn * turn * Math.cos(turn * y)],
  criticalPoints: rastriginCriticalPoints(),
};

/** The function is a sum over its variables: pairs of the zeros of 2x + 20π sin 2πx, minima and maxima in turn. */
function rastriginCriticalPoints(): SurfaceCriticalPoint[] {
  const positive = [
    0.5025460365546746, 0.9949586376523349, 1.5076407318703584, 1.9899122337085493, 2.5127433182000853,
    2.984855701039481, 3.517859138170441, 3.9797838603007545, 4.522993659584518, 4.974691390895051,
  ];
  const zeros = [
    { x: 0, index: 0 },
    ...positive.flatMap((x, i) => [x, -x].map((at) => ({ x: at, index: 1 - (i % 2) }))),
  ];
  return zeros.flatMap((a) => zeros.map((b) => ({ x: a.x, y: b.x, index: a.index + b.index, nullity: 0 })));
}
