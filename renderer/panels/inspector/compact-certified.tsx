import { compactText } from './compact-text.ts';

export interface CompactCertifiedProps {
  readonly value: number;
  readonly uncertainty: number | null;
  readonly percent?: boolean;
}

/** `35.89088 ± 6e−5`, `96.4 ± 0.7 %`: a number with its certificate where there is little room. */
export function CompactCertified({ value, uncertainty, percent = false }: CompactCertifiedProps) {
  const scale = percent ? 100 : 1;
  const text = compactText(scale * value, uncertainty === null ? null : scale * uncertainty);
  const unit = percent ? ' %' : '';
  return (
    <span className="numeral">
      {text.value}
      <span className="certified-error">{text.uncertainty === null ? unit : ` ± ${text.uncertainty}${unit}`}</span>
    </span>
  );
}
