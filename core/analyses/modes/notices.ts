import type { LearntMode, LinearNetwork, TheoryForm } from './modes.ts';

interface Found {
  readonly form: TheoryForm;
  readonly noFlow: string | null;
  readonly network: LinearNetwork;
  readonly modes: readonly LearntMode[];
  /** Of the first checkpoint. */
  readonly offDiagonal: number;
  /** s₁ η; null where the run has no time or follows the flow itself. */
  readonly coarse: number | null;
}

/** Below these the suppositions of the theory hold for all that can be seen. */
const slight = 1e-3;
const coarseAbove = 0.05;

/** Sentences: where the run is not what the exact solution supposes, each with its number. */
export function noticesOf({ form, noFlow, network, modes, offDiagonal, coarse }: Found): string[] {
  const notices: string[] = [];
  if (noFlow !== null) notices.push(noFlow);
  const narrowest = Math.min(...network.widths.slice(1, -1));
  const wanted = network.singularValues.filter((s) => s > 0).length;
  if (narrowest < wanted)
    notices.push(
      `The narrowest layer has ${narrowest} of the ${wanted} units that the modes need: ${narrowest} of them can be learnt, and the weaker ones have no theory.`,
    );
  if (form === 'none') return notices;
  const strength = Math.max(...modes.map(({ strengths }) => Math.abs(strengths[0]!)));
  if (offDiagonal > slight * strength)
    notices.push(
      `The modes are mixed at the start: ‖off-diagonal part of UᵀWV‖ is ${(offDiagonal / strength).toPrecision(2)} times the largest strength, and the theory follows each mode as if it met no other.`,
    );
  if (coarse !== null && coarse > coarseAbove)
    notices.push(`Steps are long: η s₁ is ${coarse.toPrecision(2)}, and descent leaves the flow in proportion to it.`);
  const leastAligned = Math.min(...modes.map(({ alignment }) => alignment));
  if (form === 'deep' && !(leastAligned > 1 - slight))
    notices.push(
      `The theory of more than two matrices supposes aligned weights; the smallest cosine is ${leastAligned.toPrecision(2)}.`,
    );
  const mostUneven = Math.max(...modes.map(({ unevenness }) => unevenness));
  if (form === 'deep' && !(mostUneven < slight))
    notices.push(
      `The theory of more than two matrices supposes equal gains of all layers; they differ by ${(100 * mostUneven).toPrecision(2)} % in their squares.`,
    );
  const without = modes.filter(({ theory, strengths }) => theory === null && !(strengths[0]! > 0));
  if (form === 'deep' && without.length > 0)
    notices.push(
      `Mode ${without.map(({ mode }) => mode).join(', ')} starts at or below zero, where more than two balanced matrices do not reach s.`,
    );
  return notices;
}
