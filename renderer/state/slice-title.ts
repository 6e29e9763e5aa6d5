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

/** `Trajectory plane`, `Volume: random`, `Line: difference (test set)`: a slice for people, from its name. */
export function sliceTitle(whole: PlaneKind): string {
  const [name = '', centre] = whole.split('@');
  const title = titleOfName(name);
  return centre === undefined ? title : `${title} at ${centre}`;
}

function titleOfName(name: string): string {
  const statistics = /-(frozen|recalibrated|batch)$/.exec(name)?.[1];
  const rest = statistics ? name.slice(0, -statistics.length - 1) : name;
  const onTest = rest.endsWith('-test');
  const [, shape = 'plane', spanned = ''] = /^(?:(line|volume)-)?(.*)$/.exec(onTest ? rest.slice(0, -5) : rest) ?? [];
  const title =
    shape === 'plane' && planes[spanned]
      ? planes[spanned]
      : `${shape[0]!.toUpperCase()}${shape.slice(1)}: ${spanned
          .split('+')
          .map((word) => words[word] ?? word)
          .join(', ')}`;
  const more = [onTest ? 'test set' : '', statistics ? `${statistics} statistics` : ''].filter(Boolean);
  return more.length > 0 ? `${title} (${more.join(', ')})` : title;
}
