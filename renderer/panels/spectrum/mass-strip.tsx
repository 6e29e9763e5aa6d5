import type { DensityMasses, ProbedEstimate } from '../../../core/analyses/spectrum/spectrum.ts';
import { certifiedText, numberText } from '../../../core/figures/number-text.ts';
import './mass-strip.css';

/** Shares of the eigenvalues below, near and above zero: a bar with its intervals, and the numbers. */
export function MassStrip({ masses }: { readonly masses: DensityMasses }) {
  const { delta, below, near, above } = masses;
  const δ = numberText(delta, 2);
  const parts = [
    { key: 'below', name: `λ < −${δ}`, estimate: below },
    { key: 'near', name: `|λ| ≤ ${δ}`, estimate: near },
    { key: 'above', name: `λ > ${δ}`, estimate: above },
  ] as const;
  return (
    <dl
      className="mass-strip"
      aria-label="Shares of the eigenvalues below, near and above zero, with intervals of 95 %"
    >
      {parts.map(({ key, name, estimate }) => (
        <div key={key}>
          <dt>{name}</dt>
          <dd>
            <span className="numeral">{shareText(estimate)}</span>
            <span className="mass-strip-track" aria-hidden="true">
              <span className={`mass-strip-${key}`} style={{ width: percent(estimate.value) }} />
              <span
                className="mass-strip-error"
                style={{
                  left: percent(estimate.low95),
                  width: `calc(${percent(estimate.high95)} - ${percent(estimate.low95)})`,
                }}
              />
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const percent = (share: number): string => `${100 * Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0))}%`;

/** `93.2 ± 2.7 %`; the interval is that of 95 %. */
export function shareText({ value, low95, high95 }: ProbedEstimate): string {
  const text = certifiedText(100 * value, 50 * (high95 - low95));
  return text.uncertainty === null ? `${text.value} %` : `${text.value} ± ${text.uncertainty} %`;
}
