import type { AnalysisDescriptor, ParameterDeclaration } from '../../../core/analyses/analysis-descriptor.ts';
import { isAdvanced, switchOf, type Values } from './parameters.ts';

/** Parameters that belong together in a form. */
export interface ParameterGroup {
  readonly title: string;
  readonly parameters: readonly ParameterDeclaration[];
  /** Few want to change them. */
  readonly folded: boolean;
}

/** The groups of the spectrum by the names of its parameters; what is named in none is a limit. */
const spectrumGroups: readonly (readonly [title: string, names: readonly string[]])[] = [
  ['What', ['operator', 'samples', 'blocks']],
  [
    'Eigenvalues',
    ['top', 'bottom', 'magnitude', 'nearZero', 'eigenvectors', 'method', 'blockSize', 'verifyMultiplicity'],
  ],
  ['Density', ['density', 'densityProbes', 'densitySteps', 'deflate', 'delta', 'kernelWidth', 'gridPoints']],
  ['Trace and sums', ['trace', 'traceMethod', 'traceProbes', 'traceTol', 'damping']],
  ['Layers', ['layers', 'layerProbes']],
];
const limits = 'Limits and tolerances';

/** The parameters of a form in their groups, those that are of no use with the given values left out. */
export function parameterGroups(descriptor: AnalysisDescriptor, values: Values): readonly ParameterGroup[] {
  const used = descriptor.parameters.filter(({ name }) => isOfUse(descriptor, name, values));
  const groups = descriptor.id === 'spectrum' ? named(used) : plain(used);
  return groups.filter(({ parameters }) => parameters.length > 0);
}

function named(used: readonly ParameterDeclaration[]): ParameterGroup[] {
  const byName = new Map(used.map((declaration) => [declaration.name, declaration]));
  const placed = new Set(spectrumGroups.flatMap(([, names]) => names));
  return [
    ...spectrumGroups.map(([title, names]) => ({
      title,
      parameters: names.flatMap((name) => byName.get(name) ?? []),
      folded: false,
    })),
    { title: limits, parameters: used.filter(({ name }) => !placed.has(name)), folded: true },
  ];
}

const plain = (used: readonly ParameterDeclaration[]): ParameterGroup[] => [
  { title: '', parameters: used.filter((declaration) => !isAdvanced(declaration)), folded: false },
  { title: limits, parameters: used.filter(isAdvanced), folded: true },
];

/** What a part that is switched off, or another choice, makes idle. */
function isOfUse(descriptor: AnalysisDescriptor, name: string, values: Values): boolean {
  if (descriptor.id !== 'spectrum') return true;
  const governor =
    switchOf(descriptor, name) ??
    { layerProbes: 'layers', gridPoints: 'density', kernelWidth: 'density', deflate: 'density', delta: 'density' }[
      name
    ] ??
    null;
  if (governor !== null) return values[governor] === true;
  switch (name) {
    case 'samples':
      return values.operator === 'fisherMonteCarlo';
    case 'blockSize':
      return values.method === 'blockLanczos' || values.method === 'lobpcg';
    case 'verifyMultiplicity':
      return values.method !== 'dense';
    default:
      return true;
  }
}
