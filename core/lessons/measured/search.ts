import type { SearchedPoint } from '../../analyses/saddles/saddle.ts';
import { type Control, knownOnly, type Measured, type Quantity } from './measured.ts';
import { rankCorrelation } from './rank-correlation.ts';

export const searchControls: readonly Control[] = [
  { name: 'finder', title: 'Finder' },
  { name: 'starts', title: 'Starts' },
  { name: 'uncertified', title: 'Show points that are not critical' },
  { name: 'select', title: 'Choose a point' },
];

export const searchQuantities: readonly Quantity[] = [
  { name: 'judged', meaning: 'points that were judged', unit: '' },
  { name: 'critical', meaning: 'critical points', unit: '' },
  { name: 'certified', meaning: 'critical points with a proof', unit: '' },
  { name: 'uncertified', meaning: 'points without a proof', unit: '' },
  { name: 'gradientFlat', meaning: 'gradient-flat points', unit: '' },
  { name: 'notConverged', meaning: 'searches that did not converge', unit: '' },
  { name: 'atInfinity', meaning: 'points that run to infinity', unit: '' },
  { name: 'saddles', meaning: 'certified points with a negative eigenvalue', unit: '' },
  { name: 'minima', meaning: 'certified points without a negative eigenvalue', unit: '' },
  { name: 'saddleShare', meaning: 'share of the certified points that are saddles', unit: '' },
  { name: 'certifiedCorrelation', meaning: 'rank correlation of index and loss, certified points', unit: '' },
  { name: 'criticalCorrelation', meaning: 'rank correlation of index and loss, critical points', unit: '' },
  {
    name: 'uncertifiedCorrelation',
    meaning: 'rank correlation of index and loss, points that are not critical',
    unit: '',
  },
  { name: 'correlation', meaning: 'rank correlation of index and loss, all points', unit: '' },
  { name: 'uncritical', meaning: 'points that are not critical', unit: '' },
  { name: 'highestIndex', meaning: 'highest index of a critical point', unit: '' },
  { name: 'selectedNumber', meaning: 'number of the chosen point', unit: '' },
  { name: 'selectedIndex', meaning: 'index of the chosen point', unit: '' },
  { name: 'selectedLoss', meaning: 'loss of the chosen point', unit: '' },
  { name: 'selectedGradient', meaning: '‖∇L‖ of the chosen point', unit: '' },
  { name: 'selectedResidual', meaning: 'r of the chosen point', unit: '' },
  { name: 'selectedCritical', meaning: 'whether the chosen point is critical', unit: '' },
  { name: 'selectedCertified', meaning: 'whether the chosen point has a proof', unit: '' },
];

/** `selected`: number of a point, or null. */
export function measureSearch(points: readonly SearchedPoint[], selected: number | null): Measured {
  const of = (verdict: SearchedPoint['verdict']) => points.filter((point) => point.verdict === verdict).length;
  const certified = points.filter((point) => point.certified);
  const critical = points.filter(({ verdict }) => verdict === 'critical');
  const others = points.filter(({ verdict }) => verdict !== 'critical');
  const saddles = certified.filter(({ index }) => index !== null && index.negative > 0).length;
  const minima = certified.filter(({ index }) => index !== null && index.negative === 0).length;
  const chosen = points.find(({ number }) => number === selected);
  return knownOnly({
    judged: points.length,
    critical: critical.length,
    certified: certified.length,
    uncertified: points.length - certified.length,
    gradientFlat: of('gradientFlat'),
    notConverged: of('notConverged'),
    atInfinity: of('atInfinity'),
    saddles,
    minima,
    saddleShare: certified.length > 0 ? saddles / (saddles + minima) : Number.NaN,
    certifiedCorrelation: correlationOf(certified),
    criticalCorrelation: correlationOf(critical),
    uncertifiedCorrelation: correlationOf(others),
    correlation: correlationOf(points),
    uncritical: others.length,
    highestIndex: critical.length > 0 ? Math.max(...critical.map(({ index }) => index?.negative ?? 0)) : null,
    ...(chosen
      ? {
          selectedNumber: chosen.number,
          selectedIndex: chosen.index?.negative,
          selectedLoss: chosen.loss,
          selectedGradient: Math.sqrt(chosen.gradientNormSquared),
          selectedResidual: chosen.residual,
          selectedCritical: chosen.verdict === 'critical' ? 1 : 0,
          selectedCertified: chosen.certified ? 1 : 0,
        }
      : {}),
  });
}

function correlationOf(points: readonly SearchedPoint[]): number {
  const counted = points.filter(({ index }) => index !== null);
  return rankCorrelation(
    counted.map(({ loss }) => loss),
    counted.map(({ index }) => index?.negative ?? 0),
  );
}
