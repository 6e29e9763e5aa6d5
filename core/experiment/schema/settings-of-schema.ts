import type { NumberRange, SettingInput } from './form-setting.ts';

/** One setting as the schema of the file has it; `input` is null where the schema leaves it to a reader by hand. */
export interface SchemaSetting {
  readonly path: readonly string[];
  readonly input: SettingInput | null;
  readonly default: unknown;
  readonly nullable: boolean;
}

/** The parts of a valibot schema that are looked at. */
interface Node {
  readonly type: string;
  readonly wrapped?: Node;
  readonly default?: unknown;
  readonly entries?: Readonly<Record<string, Node>>;
  readonly options?: readonly unknown[];
  readonly item?: Node;
  readonly items?: readonly Node[];
  readonly pipe?: readonly Step[];
}

/** An action of a pipe; its first member is a schema, perhaps with a pipe of its own. */
type Step = Node & { readonly requirement?: unknown };

const flat = (pipe: readonly Step[]): readonly Step[] => pipe.flatMap((step) => (step.pipe ? flat(step.pipe) : [step]));

const limitNames: Readonly<Record<string, keyof NumberRange>> = {
  min_value: 'least',
  max_value: 'most',
  gt_value: 'above',
  lt_value: 'below',
};

function inputOf({ type, options = [], pipe: steps = [], item, items }: Node): SettingInput | null {
  const pipe = flat(steps);
  switch (type) {
    case 'number': {
      const limits = pipe.flatMap((action) => {
        const name = limitNames[action.type];
        return name === undefined ? [] : [[name, action.requirement]];
      });
      const isWhole = pipe.some((action) => action.type === 'integer');
      return { kind: isWhole ? 'wholeNumber' : 'number', ...Object.fromEntries(limits) };
    }
    case 'string': {
      const longest = pipe.find((action) => action.type === 'max_length')?.requirement;
      return typeof longest === 'number' ? { kind: 'text', longest } : { kind: 'text' };
    }
    case 'boolean':
      return { kind: 'flag' };
    case 'picklist':
      return { kind: 'choice', choices: options.map((id) => ({ id: String(id), title: String(id) })) };
    case 'array':
      return numbers(item, null);
    case 'strict_tuple':
      return numbers(items?.[0], items?.length ?? null);
    case 'union': {
      // One number or a list of them.
      const list = (options as readonly Node[]).find((option) => option.type === 'array');
      return list ? inputOf(list) : null;
    }
    default:
      return null;
  }
}

function numbers(item: Node | undefined, length: number | null): SettingInput | null {
  const one = item && inputOf(item);
  if (one?.kind !== 'number' && one?.kind !== 'wholeNumber') return null;
  const { kind, ...range } = one;
  return { ...range, kind: 'numbers', whole: kind === 'wholeNumber', length };
}

/**
 * Every setting of a schema with its type, range and default, so that a form states exactly what the reader enforces.
 * `whole` names groups that are one setting (a choice between their keys).
 */
export function settingsOfSchema(
  schema: unknown,
  whole: readonly string[] = [],
  path: readonly string[] = [],
): SchemaSetting[] {
  let node = schema as Node;
  let fallback: unknown;
  let nullable = false;
  while (node.wrapped) {
    if (node.type === 'optional' && fallback === undefined) fallback = node.default;
    if (node.type === 'nullable') nullable = true;
    node = node.wrapped;
  }
  if (node.entries && !whole.includes(path.join('.')))
    return Object.entries(node.entries).flatMap(([key, entry]) => settingsOfSchema(entry, whole, [...path, key]));
  return [{ path, input: inputOf(node), default: fallback, nullable }];
}
