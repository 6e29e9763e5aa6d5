import { percentText } from '../../../core/figures/number-text.ts';
import { type BlockColour, sharesOf } from './block-colours.ts';
import './mass-bar.css';

export interface MassBarProps {
  readonly mass: readonly number[];
  readonly colours: readonly BlockColour[];
}

/** How an eigenvector is spread over the blocks, as one bar of length 1; its name says the largest shares. */
export function MassBar({ mass, colours }: MassBarProps) {
  const shares = sharesOf(mass, colours);
  return (
    <span className="mass-bar" role="img" aria-label={massSentence(mass, colours)} title={massSentence(mass, colours)}>
      {colours.map(({ name, colour }, i) =>
        (shares[i] ?? 0) < 0.004 ? null : (
          <span key={name} style={{ width: `${100 * (shares[i] ?? 0)}%`, background: colour }} />
        ),
      )}
    </span>
  );
}

/** `dense_1/kernel 83 %, dense_2/kernel 15 %`. */
export function massSentence(mass: readonly number[], colours: readonly BlockColour[]): string {
  const shares = sharesOf(mass, colours);
  return colours
    .map(({ name }, i) => ({ name, share: shares[i] ?? 0 }))
    .filter(({ share }) => share >= 0.005)
    .sort((a, b) => b.share - a.share)
    .slice(0, 4)
    .map(({ name, share }) => `${name} ${percentText(share)}`)
    .join(', ');
}

/** What the colours are. */
export function BlockLegend({ colours }: { readonly colours: readonly BlockColour[] }) {
  return (
    <ul className="block-legend" aria-label="Colours of the blocks">
      {colours.map(({ name, colour }) => (
        <li key={name}>
          <span style={{ background: colour }} />
          {name}
        </li>
      ))}
    </ul>
  );
}
