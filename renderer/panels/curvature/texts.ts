import type { SharpnessMeasure, SubspaceShare } from '../../../core/analyses/structure/structure.ts';
import { certifiedText, numberText, percentText } from '../../../core/figures/number-text.ts';

/** `95 %: 0.9 … 1.5`. */
export function intervalText(low: number, high: number, digits = 3): string {
  return `95 %: ${numberText(low, digits)} … ${numberText(high, digits)}`;
}

/** A share of a subspace in percent with what residuals can change of it; null where no gap was resolved. */
export function shareText({ value, error }: SubspaceShare): string | null {
  if (!(error < 1)) return null;
  const text = certifiedText(100 * value, 100 * error);
  return text.uncertainty === null || error < 5e-5 ? percentText(value) : `${text.value} ± ${text.uncertainty} %`;
}

export const certificateTexts: Readonly<Record<SharpnessMeasure['certificate'], string>> = {
  residual: 'by its residual',
  standardError: 'standard error',
  rounding: 'rounding',
  lowerBound: 'a lower bound; ± rounding',
};

const settingNames: Readonly<Record<string, string>> = { radius: 'ρ', sigma: 'σ', probes: 'probes', pairs: 'pairs' };

/** `ρ = 0.05, alignment = 1`. */
export const settingsText = (settings: SharpnessMeasure['settings']): string =>
  Object.entries(settings)
    .map(([name, value]) => `${settingNames[name] ?? name} = ${numberText(value, 3)}`)
    .join(', ');
