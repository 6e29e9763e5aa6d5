import type { Cost } from '../../../core/analyses/analysis-descriptor.ts';
import { numeralText } from '../../widgets/numeral-text.ts';

const units = ['products', 'gradients', 'losses'] as const;

/** `1 360 products and 1 gradient`. */
export function costText(cost: Cost): string {
  const parts = units
    .filter((unit) => cost[unit] > 0)
    .map(
      (unit) =>
        `${numeralText(cost[unit])} ${cost[unit] === 1 ? (unit === 'losses' ? 'loss' : unit.slice(0, -1)) : unit}`,
    );
  return parts.length === 0 ? 'nothing' : parts.join(' and ').replace(/ and (?=.* and )/g, ', ');
}
