import type { Comparable } from './comparable.ts';
import './compare-list.css';

export interface CompareListProps {
  readonly comparables: readonly Comparable[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** One other spectrum is drawn beside this one; of several the mean and the range are shown. */
export function CompareList({ comparables, chosen, onChange }: CompareListProps) {
  if (comparables.length === 0) return null;
  return (
    <fieldset className="compare-list">
      <legend>Compare with</legend>
      {comparables.map(({ id, name }) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            onChange={({ target }) => onChange(target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))}
          />
          <span>{name}</span>
        </label>
      ))}
      <p>{chosenSentence(chosen.length)}</p>
    </fieldset>
  );
}

const chosenSentence = (count: number): string =>
  count === 0
    ? 'One is drawn beside it; of several, mean and range.'
    : count === 1
      ? 'Drawn beside it; choose more for mean and range.'
      : `Mean and range of ${count + 1} spectra.`;
