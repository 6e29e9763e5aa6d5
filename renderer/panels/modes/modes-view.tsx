import { useCallback, useMemo } from 'react';
import { modesFigure, theoryNames } from '../../../core/experiment/modes-figures.ts';
import type { ModesDocument } from '../../../core/experiment/result-documents.ts';
import type { Theme } from '../../../core/figures/theme.ts';
import { FigureMenu } from '../../figures/figure-menu.tsx';
import { useFigureTheme } from '../../figures/figure-theme.ts';
import { FigureView } from '../../figures/figure-view.tsx';
import { StatusBadge } from '../../widgets/badge.tsx';
import { Icon } from '../../widgets/icon.tsx';
import { numeralText } from '../../widgets/numeral-text.ts';
import { KeyValues, Section } from '../../widgets/section.tsx';
import { ModeTable } from './mode-table.tsx';
import '../spectrum/notices.css';

/** Points of the run over the dashed theory, a line a mode, and how far what the theory supposes holds. */
export function ModesView({ document }: { readonly document: ModesDocument }) {
  const { notices, form, formula, status, stats, advice, command, steps } = document;
  return (
    <>
      {notices.length === 0 ? null : (
        <ul className="notices" aria-label="To be read with these numbers">
          {notices.map((notice) => (
            <li key={notice}>
              <Icon name="info" size={14} />
              <p>{notice}</p>
            </li>
          ))}
        </ul>
      )}
      <Section title="The run beside the theory" aside={<StatusBadge status={status} />}>
        <ModesPicture document={document} />
        <ModeTable document={document} />
      </Section>
      <Section title="What the theory supposes">
        {form === 'none' ? null : (
          <>
            <p className="modes-formula">{formula}</p>
            <p className="modes-quiet">
              The exact solution of the gradient flow for {theoryNames[form]}, from the strengths at step{' '}
              {numeralText(steps[0] ?? 0)}.
            </p>
          </>
        )}
        <KeyValues rows={suppositions(document)} />
      </Section>
      <Section title="How it was computed">
        <p className="modes-formula">{document.convention.formula}</p>
        <p className="modes-quiet">
          {numeralText(steps.length)} checkpoints in {numeralText(stats.seconds, 2)} s, {document.precision},{' '}
          {document.engine}, seed {document.seed}. {advice}
        </p>
        <p className="modes-command">
          <code>npx {command}</code>
        </p>
      </Section>
    </>
  );
}

function ModesPicture({ document }: { readonly document: ModesDocument }) {
  const theme = useFigureTheme();
  const draw = useCallback((wanted: Theme) => modesFigure({ ...document, notices: [] }, wanted), [document]);
  const figure = useMemo(() => draw(theme), [draw, theme]);
  return (
    <>
      <FigureMenu figure={() => modesFigure(document, 'light')}>
        <FigureView className="modes-figure" figure={figure} />
      </FigureMenu>
      <p className="modes-quiet">{figure.caption}</p>
    </>
  );
}

/** Each as it was at the first checkpoint, and at its largest or last. */
function suppositions({ offDiagonal, imbalance, drift, stepLength }: ModesDocument): [string, string][] {
  const size = (value: number | undefined) => (value === undefined ? '–' : numeralText(value, 2));
  return [
    [
      'Modes mixed, ‖off-diagonal part of UᵀWV‖/s₁',
      `${size(offDiagonal[0])} first, ${size(most(offDiagonal))} at most`,
    ],
    ['Out of balance, ‖WᵀW above − WWᵀ below‖', `${size(imbalance[0])} first, ${size(imbalance.at(-1))} last`],
    ['Drift of what the flow conserves', `${size(most(drift))} at most`],
    ['Length of a step, η s₁', stepLength === null ? '–' : size(stepLength)],
  ];
}

const most = (values: Float64Array): number => values.reduce((largest, value) => Math.max(largest, value), 0);
