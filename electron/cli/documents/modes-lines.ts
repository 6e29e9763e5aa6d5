import { theoryNames } from '../../../core/experiment/modes-figures.ts';
import type { ModesDocument } from '../../../core/experiment/result-documents.ts';
import { printable } from '../terminal/printable.ts';

const columns = 'mode         s    u first     u last   half at    theory  deviation  at step  alignment';

/** The document for people: a line a mode, and what the theory supposes beside how far it holds. */
export function modesLines(document: ModesDocument): string[] {
  const { steps, widths, form, formula, modes, notices, status, advice, stats } = document;
  const first = steps[0]!;
  const largest = (values: Float64Array): string => Math.max(...values).toExponential(1);
  const step = (value: number | null | undefined): string =>
    value === null || value === undefined ? '—' : value.toFixed(value < 1000 ? 1 : 0);
  const rows = modes.map((mode) => {
    const { halfTime, deviation } = mode;
    return [
      `${mode.mode}`.padStart(4),
      short(mode.singularValue).padStart(9),
      short(mode.strengths[0]!).padStart(10),
      short(mode.strengths.at(-1)!).padStart(10),
      step(halfTime?.value).padStart(9),
      step(mode.theoryHalfTime).padStart(9),
      (deviation === null ? '—' : `${(100 * deviation.value).toPrecision(2)} %`).padStart(10),
      (deviation === null ? '—' : step(deviation.step)).padStart(8),
      mode.alignment.toFixed(3).padStart(10),
    ].join(' ');
  });
  const spacing = Math.max(0, ...modes.map(({ halfTime }) => halfTime?.spacing ?? 0));
  return [
    `${printable(document.experiment)}: modes of a linear network ${widths.join('–')}, ${document.convention.formula}`,
    `${steps.length} checkpoints, steps ${first} to ${steps.at(-1)}; ${document.dim} parameters, ${document.engine} ${document.precision}`,
    '',
    `Exact solution: ${theoryNames[form]}, ${formula}, from the strengths at step ${first}`,
    `  ${columns}`,
    ...rows.map((row) => `  ${row}`),
    `Deviation: largest |u − theory|/s.${spacing > 0 ? ` Half times: steps at u = s/2, read between checkpoints at most ${spacing} steps apart.` : ''}`,
    '',
    'How far the suppositions hold',
    `  modes mixed, ‖off-diagonal of UᵀWV‖/s₁: ${(document.offDiagonal[0] ?? 0).toExponential(1)} first, ${largest(document.offDiagonal)} at most`,
    `  balance, ‖W₂ᵀW₂ − W₁W₁ᵀ‖ over the sum of the norms: ${(document.imbalance[0] ?? 0).toExponential(1)} first, ${(document.imbalance.at(-1) ?? 0).toExponential(1)} last`,
    `  drift of what the flow conserves, from finite steps: ${largest(document.drift)} at most`,
    ...(notices.length > 0 ? ['', ...notices.map(printable)] : []),
    '',
    `${status}: ${advice} ${stats.seconds.toFixed(1)} s.`,
  ];
}

const short = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(2) : value.toPrecision(5);
