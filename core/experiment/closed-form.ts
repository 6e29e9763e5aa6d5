import type { ClosedFormSettings } from '../models/closed-form/closed-form-settings.ts';
import { deepLinearFormula } from '../models/closed-form/deep-linear/formula.ts';
import { surfaces } from '../models/closed-form/named-surfaces.ts';
import { type LossName, lossConvention } from '../objective/loss-convention.ts';
import type { Experiment } from './experiment.ts';

/** `deep linear 4–2–4, s = 4, 3, 2, 1`, `surface x³ − 3xy²`. */
export function closedFormText(closedForm: ClosedFormSettings): string {
  if (closedForm.kind === 'surface') return `surface ${surfaces[closedForm.surface]?.formula ?? closedForm.surface}`;
  const { inputs, hidden, outputs, singularValues, rotate } = closedForm;
  const some = singularValues.slice(0, 12).join(', ');
  const rest = singularValues.length > 12 ? ` … (${singularValues.length})` : '';
  return `deep linear ${[inputs, ...hidden, outputs].join('–')}, s = ${some}${rest}${rotate ? ', rotated' : ''}`;
}

/** Which function an experiment descends, as the objective of it says. */
export function formulaOfExperiment(experiment: Experiment): string {
  const { closedForm } = experiment.model;
  if (closedForm === undefined) return lossConvention(lossOnData(experiment), experiment.reduction).formula;
  return `L(θ) = ${
    closedForm.kind === 'deepLinear'
      ? deepLinearFormula(closedForm.hidden.length + 1)
      : (surfaces[closedForm.surface]?.formula ?? closedForm.surface)
  }`;
}

/** The loss on data; RangeError for a closed form, which has none. */
export function lossOnData({ loss }: Experiment): LossName {
  if (loss === 'closedForm') throw new RangeError('A closed form has no loss on data.');
  return loss;
}
