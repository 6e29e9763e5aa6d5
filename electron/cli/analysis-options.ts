import type { AnalysisDescriptor, ParameterDeclaration } from '../../core/analyses/analysis-descriptor.ts';
import { BadInput } from '../../core/bad-input.ts';
import { dashed } from '../compute/run-again.ts';
import type { Arguments, OptionDescription } from './arguments.ts';

function helpOf(parameter: ParameterDeclaration): string {
  const byDefault = parameter.default === null || parameter.type === 'boolean' ? '' : ` [${parameter.default}]`;
  return `${parameter.help}${byDefault}`;
}

function valueName(parameter: ParameterDeclaration): string | null {
  if (parameter.type === 'boolean') return null;
  return parameter.type === 'choice' ? parameter.choices.join('|') : 'N';
}

/** The options of a command from the parameters of its analysis: `maxProducts` is `--max-products`. */
export function analysisOptions({ parameters }: AnalysisDescriptor): OptionDescription[] {
  return parameters.map((parameter) => ({
    name: dashed(parameter.name),
    value: valueName(parameter),
    help: helpOf(parameter),
  }));
}

/** The parameters that were given, by their own names; the analysis checks their ranges and fills in the rest. */
export function givenParameters({ parameters }: AnalysisDescriptor, args: Arguments): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const { name, type } of parameters) {
    const option = dashed(name);
    if (!args.has(option)) continue;
    if (type === 'boolean') given[name] = true;
    else if (type === 'choice') given[name] = args.text(option);
    else given[name] = numberOf(option, args.text(option) ?? '');
  }
  return given;
}

function numberOf(option: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new BadInput(`--${option} ${text} is not a number.`, 'Give a number such as 10 or 1e-4.');
}
