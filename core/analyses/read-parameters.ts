import { BadInput } from '../bad-input.ts';
import type { ParameterDeclaration, ParameterValue, ParameterValues } from './analysis-descriptor.ts';

/**
 * The given values checked against the declarations, defaults filled in. Unknown names, wrong types and values out of
 * range are `BadInput`.
 */
export function readParameters(
  declarations: readonly ParameterDeclaration[],
  given: Readonly<Record<string, unknown>>,
): ParameterValues {
  const names = declarations.map(({ name }) => name);
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) {
      throw new BadInput(`There is no parameter "${name}".`, `Choose among ${names.join(', ')}.`);
    }
  }
  return Object.fromEntries(
    declarations.map((declaration) => {
      const value = Object.hasOwn(given, declaration.name) ? given[declaration.name] : undefined;
      return [declaration.name, value === undefined ? declaration.default : checked(declaration, value)];
    }),
  );
}

function checked(declaration: ParameterDeclaration, value: unknown): ParameterValue {
  const { name } = declaration;
  const found = `The parameter ${name} is ${JSON.stringify(value)}.`;
  switch (declaration.type) {
    case 'boolean':
      if (typeof value === 'boolean') return value;
      throw new BadInput(found, 'Give true or false.');
    case 'text':
      if ((value === null && declaration.default === null) || (typeof value === 'string' && value.trim() !== ''))
        return value;
      throw new BadInput(found, 'Give a text.');
    case 'choice':
      if (typeof value === 'string' && declaration.choices.includes(value)) return value;
      throw new BadInput(found, `Choose among ${declaration.choices.join(', ')}.`);
    default:
      return checkedNumber(declaration, value, found);
  }
}

function checkedNumber(
  declaration: Extract<ParameterDeclaration, { type: 'integer' | 'number' }>,
  value: unknown,
  found: string,
): number | null {
  const { type, minimum, maximum } = declaration;
  if (value === null && declaration.default === null) return null;
  const fits =
    typeof value === 'number' && value >= minimum && value <= maximum && (type === 'number' || Number.isInteger(value));
  if (fits) return value;
  throw new BadInput(found, `Give a ${type === 'integer' ? 'whole number' : 'number'} from ${minimum} to ${maximum}.`);
}
