import type { SliceField } from '../../../core/analyses/slices/slice.ts';
import type { Verdict } from '../../../core/fields/persistence.ts';
import { numberText } from '../../../core/figures/number-text.ts';
import type { SceneMark } from '../../scene/scene-model.ts';
import type { ShownLandscape } from '../../state/results.ts';
import { coordinatesOfCell } from './cells.ts';
import type { Features } from './use-features.ts';

/** One line of the list of minima and passes. */
export interface FeatureRow {
  /** Of the cell in the fields. */
  readonly index: number;
  readonly kind: 'minimum' | 'saddle';
  readonly coordinates: readonly number[];
  readonly value: number;
  readonly persistence: number;
  readonly verdict: Verdict;
  /** Nothing takes it in: the lowest of a connected part. */
  readonly essential: boolean;
}

/** Minima and the passes between them, the most persistent first; ends of the window are no passes. */
export function featureRows({ tree: { nodes, pairs } }: Features): readonly FeatureRow[] {
  return nodes
    .flatMap((node): FeatureRow[] => {
      if (node.parent < 0 && node.kind !== 'minimum') return [];
      if (node.kind === 'maximum') return [];
      const { point: index, kind, coordinates, value, persistence, verdict, pair } = node;
      const essential = pairs[pair]!.essential;
      return [{ index, kind, coordinates, value, persistence, verdict, essential }];
    })
    .sort((a, b) => b.persistence - a.persistence || a.value - b.value);
}

const mostMarks = 40;
const mostLabels = 8;

/** Filled where the verdict is the best one; what a grid shows is never a certified critical point. */
export const marksOf = (rows: readonly FeatureRow[]): readonly SceneMark[] =>
  rows.slice(0, mostMarks).map(({ kind, coordinates, value, verdict }, i) => ({
    alpha: coordinates[0]!,
    beta: coordinates[1] ?? 0,
    value,
    kind,
    certified: verdict === 'beyond noise and sampling',
    label: i < mostLabels ? `grid ${kind === 'minimum' ? 'min' : 'pass'} ${numberText(value, 3)}` : '',
  }));

/** The cell whose card is open. */
export function markOfCell(slice: ShownLandscape['slice'], field: SliceField, index: number): SceneMark {
  const [alpha, beta] = coordinatesOfCell(slice, index);
  return { alpha: alpha!, beta: beta ?? 0, value: field.values[index]!, kind: 'found', certified: false, label: '' };
}
