import { spanningPoints } from '../../../core/experiment/slice-points.ts';
import { axisTitle } from '../../scene/axis-labels.ts';
import { joinedRange, rangeOf, type ScaleReach } from '../../scene/height-scale.ts';
import { lossesOfPaths, type NamedPath, type SceneContent, type SceneMark } from '../../scene/scene-model.ts';
import { hasHoles } from '../../state/results.ts';
import { pathOf } from '../landscape/landscape-text.ts';
import { quantityTitle } from '../landscape/quantities.ts';
import { type Compared, lossOf } from './compared.ts';
import type { PlaneDifference } from './plane-difference.ts';

type Look = Pick<SceneContent, 'height' | 'flat' | 'reach'>;

const commonOf = ({ shown: { slice } }: Compared) => ({
  norms: [slice.directions[0]!.norm, slice.directions[1]!.norm] as const,
  titles: [axisTitle('α', slice.directions[0]!), axisTitle('β', slice.directions[1]!)] as const,
  cosine: slice.cosines[0] ?? 0,
});

/** One of the planes, with its own path and those of other runs. */
export function contentOf(one: Compared, paths: readonly NamedPath[], look: Look): SceneContent {
  const { slice } = one.shown;
  const { quantity, values, computed } = lossOf(one);
  return {
    ...commonOf(one),
    ...look,
    grid: {
      alpha: slice.axes[0]!,
      beta: slice.axes[1]!,
      loss: values,
      computed,
      isFinal: hasHoles(one.shown),
    },
    path: quantity === 'loss' ? pathOf(one.shown) : null,
    paths,
    quantity: quantityTitle(quantity),
    marks: spanningPoints(slice).map(
      ({ alpha, beta, value, label }): SceneMark => ({ alpha, beta, value, label, kind: 'found', certified: true }),
    ),
  };
}

/** First − second: its size upwards and in colours around zero; grey where it is less than two standard errors. */
export function differenceContent(made: PlaneDifference, flat: boolean): SceneContent {
  const { axes, field, significant, reach } = made;
  return {
    ...commonOf(made.first),
    grid: { alpha: axes[0]!, beta: axes[1]!, loss: field.values, computed: field.computed, isFinal: true },
    path: null,
    height: 'linear',
    flat,
    quantity: 'A − B',
    colour: { values: field.values, computed: significant, title: 'A − B', scale: 'diverging', reach },
  };
}

/** What scenes in one scale reach together; null where none has a finite loss. */
export function reachOf(contents: readonly SceneContent[]): ScaleReach | null {
  let [colours, box]: (readonly [number, number] | null)[] = [null, null];
  for (const content of contents) {
    const own = rangeOf(content.grid.loss, content.grid.computed);
    if (own === null) continue;
    colours = joinedRange(own, colours ?? null);
    box = joinedRange(rangeOf(lossesOfPaths(content), null) ?? own, box ?? null);
  }
  return colours && box ? { colours, box: joinedRange(colours, box) } : null;
}
