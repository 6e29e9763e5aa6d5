import type { SamplingDocument, StructureDocument } from '../../../core/experiment/result-documents.ts';
import { numeralText } from '../../widgets/numeral-text.ts';
import { Section } from '../../widgets/section.tsx';

/** What was spent, where, and the command that makes it again. */
export function HowComputed({ document }: { readonly document: SamplingDocument | StructureDocument }) {
  const { stats, precision, engine, seed, advice, convention, command, examples } = document;
  return (
    <Section title="How it was computed">
      <p className="curvature-formula">{convention.formula}</p>
      <p className="curvature-quiet">
        {numeralText(examples)} examples, {numeralText(stats.products)} products in {numeralText(stats.seconds, 2)} s,{' '}
        {precision}, {engine}, seed {seed}. {advice}
      </p>
      <p className="curvature-command">
        <code>npx {command}</code>
      </p>
    </Section>
  );
}
