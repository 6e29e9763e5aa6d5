import type { AnalysisDescriptor, ParameterDeclaration } from '../../core/analyses/analysis-descriptor.ts';
import { BadInput } from '../../core/bad-input.ts';
import { dashed } from '../compute/run-again.ts';
import type { Arguments, OptionDescription } from './arguments.ts';

function helpOf(parameter: ParameterDeclaration): string {
  if (parameter.type === 'boolean') return parameter.default ? `Switches off: ${parameter.help}` : parameter.help;
  return `${parameter.help}${parameter.default === null ? '' : ` [${parameter.default}]`}`;
}

function valueName(parameter: ParameterDeclaration): string | null {
  if (parameter.type === 'boolean') return null;
  if (parameter.type === 'choice') return parameter.choices.join('|');
  return parameter.type === 'text' ? 'TEXT' : 'N';
}

/** `maxProducts` is `--max-products`; what is on by itself is switched off, `deflate` by `--no-deflate`. */
const optionOf = (parameter: ParameterDeclaration): string =>
  `${parameter.type === 'boolean' && parameter.default ? 'no-' : ''}${dashed(parameter.name)}`;

/** The options of a command from the parameters of its analysis. */
export function analysisOptions({ parameters }: AnalysisDescriptor): OptionDescription[] {
  return parameters.map((parameter) => ({
    name: optionOf(parameter),
    value: valueName(parameter),
    help: helpOf(parameter),
  }));
}

/** The parameters that were given, by their own names; the analysis checks their ranges and fills in the rest. */
export function givenParameters({ parameters }: AnalysisDescriptor, args: Arguments): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const parameter of parameters) {
    const { name, type } = parameter;
    const option = optionOf(parameter);
    if (!args.has(option)) continue;
    if (type === 'boolean') given[name] = !parameter.default;
    else if (type === 'choice' || type === 'text') given[name] = args.text(option);
    else given[name] = numberOf(option, args.text(option) ?? '');
  }
  return given;
}

function numberOf(option: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new BadInput(`--${option} ${text} is not a number.`, 'Give a number such as 10 or 1e-4.');
}
