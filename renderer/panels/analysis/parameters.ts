import type {
  AnalysisDescriptor,
  Cost,
  ParameterDeclaration,
  ParameterValue,
} from '../../../core/analyses/analysis-descriptor.ts';
import { commandLine } from '../../../core/experiment/command-line.ts';
import type { MeasuredCosts } from '../../../core/protocol/methods.ts';
import { estimateSeconds } from '../../state/costs.ts';

export type Values = Readonly<Record<string, ParameterValue>>;

export const defaultParameters = ({ parameters }: AnalysisDescriptor): Values =>
  Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.default]));

const parameterTitles: Readonly<Record<string, string>> = {
  operator: 'Matrix',
  samples: 'Labels sampled',
  blocks: 'Only these blocks',
  top: 'Largest',
  bottom: 'Most negative',
  magnitude: 'Largest |λ|',
  nearZero: 'Nearest to zero',
  eigenvectors: 'Keep eigenvectors',
  blockSize: 'Block of vectors',
  verifyMultiplicity: 'Search for copies again',
  density: 'Density of all eigenvalues',
  densityProbes: 'Probes',
  densitySteps: 'Lanczos steps',
  deflate: 'Take found ones out first',
  delta: 'Counts as zero, ±',
  gridPoints: 'Points of the curve',
  trace: 'Trace',
  traceMethod: 'Estimator',
  traceProbes: 'Probes',
  traceTol: 'Stop at relative error',
  damping: 'Damping σ',
  layers: 'Trace and λ₁ of each block',
  layerProbes: 'Probes',
};

/** `maxProducts` → `Max products`; a few say better what they are. */
export function parameterTitle(name: string): string {
  const own = parameterTitles[name];
  if (own !== undefined) return own;
  const words = name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`.replace(/ tol$/, ' tolerance');
}

const choiceTitles: Readonly<Record<string, string>> = {
  hessian: 'Hessian H',
  gaussNewton: 'Gauss–Newton matrix G',
  fisher: 'Fisher matrix (exact)',
  fisherMonteCarlo: 'Fisher matrix (sampled labels)',
  fisherEmpirical: 'Fisher matrix (true labels, empirical)',
  residual: 'Residual H − G',
  gradientCovariance: 'Covariance of the gradients',
  ntk: 'Tangent kernel JJᵀ/n',
  preconditioned: 'Hessian preconditioned by Adam',
  lanczos: 'Lanczos (fewest products)',
  blockLanczos: 'block Lanczos (sees multiple eigenvalues)',
  lobpcg: 'LOBPCG (sees multiple eigenvalues)',
  dense: 'dense matrix (all eigenvalues, up to 3,000)',
  hutchinson: 'Hutchinson (random probes)',
  'hutch++': 'Hutch++ (low rank taken out first)',
  xtrace: 'XTrace (low rank, all probes reused)',
  combination: 'all by one random combination (bounds of 95 %)',
  each: 'each by a product of its own',
  steps: 'steps of training',
  halves: 'two halves of the examples',
  layers: 'layers',
  pca: 'principal directions of the path (pca)',
  random: 'random directions',
  eigen: 'Hessian eigenvectors (eigen)',
};

/** A choice for people; its own name where that says enough. */
export const choiceTitle = (choice: string): string => choiceTitles[choice] ?? choice;

/** What is wrong with a value; null where nothing is. The side that computes checks again. */
export function problemOf(declaration: ParameterDeclaration, value: ParameterValue): string | null {
  if (declaration.type !== 'integer' && declaration.type !== 'number') return null;
  const { minimum, maximum } = declaration;
  if (value === null) return declaration.default === null ? null : 'A number is needed.';
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'This is not a number.';
  if (declaration.type === 'integer' && !Number.isInteger(value)) return 'A whole number is needed.';
  return value < minimum || value > maximum ? `From ${minimum} to ${maximum}.` : null;
}

/** A parameter belongs to a part that can be switched off where its name starts with that of a switch: `densityProbes`. */
export const switchOf = ({ parameters }: AnalysisDescriptor, name: string): string | null =>
  parameters.find(
    (other) =>
      other.type === 'boolean' &&
      name !== other.name &&
      name.startsWith(other.name) &&
      /[A-Z]/.test(name[other.name.length] ?? ''),
  )?.name ?? null;

/** Limits and tolerances, which few want to change: folded away in the form. */
export const isAdvanced = (declaration: ParameterDeclaration): boolean =>
  declaration.default === null || /^(max|verify|grid[A-Z]|oneDimensional)/.test(declaration.name);

/** Values that differ from what the analysis takes by itself. */
export const givenValues = (descriptor: AnalysisDescriptor, values: Values): Values =>
  Object.fromEntries(
    descriptor.parameters
      .filter(({ name, default: byItself }) => values[name] !== byItself)
      .map(({ name }) => [name, values[name] ?? null]),
  );

/** The command that computes the same: `saddlescope spectrum RUN --at 2150 --top 5`. */
export function analysisCommand(
  descriptor: AnalysisDescriptor,
  run: string,
  step: number | null,
  values: Values,
): string {
  const options = Object.entries(givenValues(descriptor, values)).flatMap(([name, value]) => {
    const option = `--${name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`;
    if (value === false || value === null) return [];
    return value === true ? [option] : [option, String(value)];
  });
  return commandLine([descriptor.id, run, ...(step === null ? [] : ['--at', String(step)]), ...options]);
}

/** At the measured speed of each; null where it has not been measured. */
export const secondsOf = (cost: Cost, costs: MeasuredCosts | undefined): number | null =>
  costs ? estimateSeconds(cost, costs) : null;

/** A whole number of a text that is being typed; null for an empty one, the text itself for what is no number. */
export function asNumberOrNull(text: string): number | string | null {
  const trimmed = text.trim();
  return trimmed === '' ? null : /^\d+$/.test(trimmed) ? Number(trimmed) : trimmed;
}
