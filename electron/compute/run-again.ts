import { parse } from 'yaml';
import type { AnalysisDescriptor } from '../../core/analyses/analysis-descriptor.ts';
import { commandLine } from '../../core/experiment/command-line.ts';
import { canonicalJson, type Experiment } from '../../core/experiment/experiment.ts';
import { writeExperiment } from '../../core/experiment/write-experiment.ts';

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 0;

/** `key.of.setting=value`, once for each smallest part in which the second differs. */
function changes(before: Tree, after: Tree, path: readonly string[] = []): string[] {
  return Object.entries(after).flatMap(([key, value]) => {
    const old = before[key];
    const place = [...path, key];
    if (canonicalJson(old) === canonicalJson(value)) return [];
    const sameKeys =
      isTree(old) && isTree(value) && Object.keys(old).sort().join() === Object.keys(value).sort().join();
    return sameKeys ? changes(old, value, place) : [`${place.join('.')}=${JSON.stringify(value)}`];
  });
}

/** The words `--set …` that make the second experiment of the first. */
export function settingWords(before: Experiment, after: Experiment): string[] {
  const tree = (experiment: Experiment) =>
    parse(writeExperiment(experiment), { version: '1.2', schema: 'core' }) as Tree;
  return changes(tree(before), tree(after)).flatMap((change) => ['--set', change]);
}

/** `maxProducts` is the option `--max-products`. */
export const dashed = (name: string): string => name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);

/** The options of the command line for the parameters that differ from their defaults. */
function parameterWords({ parameters }: AnalysisDescriptor, given: Readonly<Record<string, unknown>>): string[] {
  return parameters.flatMap(({ name, type, default: usual }) => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined || value === null || value === usual) return [];
    if (type === 'boolean') return [`--${usual ? 'no-' : ''}${dashed(name)}`];
    return [`--${dashed(name)}`, String(value)];
  });
}

/** The command that makes an analysis again. `operand` is a run or an experiment file. */
export const analysisCommand = (
  descriptor: AnalysisDescriptor,
  operand: string | null,
  step: number | null,
  given: Readonly<Record<string, unknown>>,
): string =>
  commandLine([
    descriptor.id,
    operand ?? 'experiment.yaml',
    ...(step === null ? [] : ['--at', String(step)]),
    ...parameterWords(descriptor, given),
  ]);
