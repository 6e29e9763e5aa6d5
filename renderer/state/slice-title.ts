import type { PlaneKind } from './plane-kind.ts';

const planes: Readonly<Record<string, string>> = {
  pca: 'Trajectory plane',
  eigen: 'Eigenvector plane',
  random: 'Random plane',
};

const words: Readonly<Record<string, string>> = {
  pca: 'principal direction',
  eigen: 'eigenvector',
  lowest: 'lowest eigenvector',
  random: 'random',
  'gauss-newton': 'Gauss–Newton eigenvector',
  gradient: 'gradient',
  'hessian-gradient': 'H ∇L',
  difference: 'difference',
  third: 'third point',
  points: 'other points',
  moment: 'moment',
  update: 'update',
  file: 'file',
  opened: 'from a file',
};

/** Between the name of a slice and its centre, where that is no checkpoint. */
export const centreMark = ' at ';

/** `Trajectory plane`, `Volume: random`, `Line: difference to step 50 (test set)`: a slice for people, from its name. */
export function sliceTitle(whole: PlaneKind): string {
  const at = whole.indexOf(centreMark);
  return at < 0 ? titleOfName(whole) : `${titleOfName(whole.slice(0, at))}${whole.slice(at)}`;
}

function titleOfName(whole: string): string {
  // What else was asked has no words in the name.
  const variant = /-([0-9a-f]{8})$/.exec(whole)?.[1];
  const name = variant ? whole.slice(0, -9) : whole;
  const statistics = /-(frozen|recalibrated|batch)$/.exec(name)?.[1];
  const rest = statistics ? name.slice(0, -statistics.length - 1) : name;
  const onTest = rest.endsWith('-test');
  const [, shape = 'plane', what = ''] = /^(?:(line|volume)-)?(.*)$/.exec(onTest ? rest.slice(0, -5) : rest) ?? [];
  const [spanned = '', ...points] = what.split('-to-');
  const title =
    shape === 'plane' && planes[spanned]
      ? planes[spanned]
      : `${shape[0]!.toUpperCase()}${shape.slice(1)}: ${spanned
          .split('+')
          .map((word) => words[word] ?? word)
          .join(', ')}`;
  const to = points.map(pointText).join(' and ');
  const more = [
    onTest ? 'test set' : '',
    statistics ? `${statistics} statistics` : '',
    variant ? `variant ${variant.slice(0, 4)}` : '',
  ].filter(Boolean);
  return `${title}${to && ` to ${to}`}${more.length > 0 ? ` (${more.join(', ')})` : ''}`;
}

/** `@50`, `moons@50`, `weights.npz` */
function pointText(point: string): string {
  const [, run = '', step] = /^(.*?)(?:@(\d+))?$/.exec(point) ?? [];
  return [run, step === undefined ? '' : `step ${step}`].filter(Boolean).join(', ');
}
