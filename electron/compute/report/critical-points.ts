import { finders } from '../../../core/analyses/saddles/descriptor.ts';
import type { SearchedPoint } from '../../../core/analyses/saddles/saddle.ts';
import { pointKindSigns } from '../../../core/experiment/saddle-figures.ts';
import { certifiedSentence, type SearchText } from '../../../core/experiment/search-figures.ts';
import type { CriticalPointTable } from '../../../core/figures/critical-points-section.ts';

/** More rows are told, not written. */
const mostRows = 60;

const startNames = { trajectory: 'checkpoints of the run', random: 'random points', point: 'one point' } as const;

export const searchName = ({ finder, from, starts }: Pick<SearchText, 'finder' | 'from' | 'starts'>): string =>
  `${finders.find(({ id }) => id === finder)?.title ?? finder}, ${starts} ${starts === 1 ? 'start' : 'starts'} from ${startNames[from]}`;

/** Certified first, then what has no gradient, then the others; each by loss. */
function byProof(a: SearchedPoint, b: SearchedPoint): number {
  const rank = ({ certified, verdict }: SearchedPoint) => (certified ? 0 : verdict === 'critical' ? 1 : 2);
  return rank(a) - rank(b) || a.loss - b.loss;
}

/** What a report says of a search. */
export function criticalPointTable(search: SearchText): CriticalPointTable {
  const sorted = [...search.points].sort(byProof);
  return {
    name: searchName(search),
    sentence: certifiedSentence(search),
    rows: sorted.slice(0, mostRows).map((point) => ({
      ...point,
      kind: pointKindSigns[point.certified ? 'certified' : point.verdict].name,
    })),
    omitted: Math.max(0, sorted.length - mostRows),
    command: search.command,
  };
}
