import { numberText } from '../../core/figures/number-text.ts';
import { lossAt } from './height-scale.ts';
import { type Absence, absences } from './holes.ts';
import type { SceneModel } from './scene-model.ts';

/** One sign of a picture that needs a word. */
export interface LegendSentence {
  readonly kind: 'clip' | 'unknown' | Absence;
  readonly text: string;
}

const absenceTexts: Readonly<Record<Absence, string>> = {
  missing: 'not computed',
  nan: 'not a number',
  infinite: 'infinite',
};

/** What is cut off, what has no colour, and what its holes are; empty for a picture without any of them. */
export function legendSentences({
  box: { scale },
  content: { path, colour },
  surface,
  unknownColours,
  clipped,
  holes,
}: SceneModel): LegendSentence[] {
  const sentences: LegendSentence[] = [];
  if (scale.clip !== undefined) {
    const at = numberText(lossAt(scale.clip, scale), 3);
    const isHigher = (loss: number) => (scale.logarithmic ? Math.log10(loss) : loss) > scale.clip!;
    const checkpoints = path?.trueLoss.filter(isHigher).length ?? 0;
    const rest = checkpoints > 0 ? `, and ${counted(checkpoints, 'checkpoint')} of the path` : '';
    sentences.push({
      kind: 'clip',
      text: `cut off at ${at}: ${counted(clipped, 'point')} of ${surface.columns * surface.rows} above it${rest}`,
    });
  }
  if (colour && unknownColours > 0)
    sentences.push({ kind: 'unknown', text: `grey: ${colour.title} not known at ${counted(unknownColours, 'point')}` });
  for (const kind of absences)
    if (holes.counts[kind] > 0)
      sentences.push({ kind, text: `${absenceTexts[kind]}: ${counted(holes.counts[kind], 'point')}` });
  return sentences;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
