import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
} from 'yaml';
import { BadInput } from '../bad-input.ts';
import { type Path, shownPath } from './located-yaml.ts';

/**
 * Changes of an experiment's text, setting by setting: comments and order stay, and where one plain value takes the place
 * of another, every other character of the text stays too.
 */

const options = {
  version: '1.2',
  schema: 'core',
  uniqueKeys: true,
  keepSourceTokens: false,
  logLevel: 'error',
} as const;
const style = { lineWidth: 0, flowCollectionPadding: true } as const;

function parsed(text: string): Document {
  try {
    return parseDocument(text, options);
  } catch {
    throw new BadInput('The text is nested too deeply to be an experiment.', 'Write an experiment.');
  }
}

/** A document that can be changed: without errors of syntax, holding settings or nothing at all. */
function changeable(text: string): Document {
  const document = parsed(text);
  if (document.errors.length > 0)
    throw new BadInput('The text is not valid YAML, so the form cannot change it.', 'Mend the marked line first.');
  if (document.contents !== null && !isMap(document.contents))
    if (!isScalar(document.contents) || document.contents.value !== null)
      throw new BadInput('The text does not hold settings.', 'Write name: value on lines of their own.');
  return document;
}

export type TextValues =
  | { readonly values: Readonly<Record<string, unknown>>; readonly problem: null }
  /** `values` is null where nothing can be read at all. */
  | { readonly values: null; readonly problem: BadInput };

/** The settings as they stand in a text, unchecked: what a form shows. */
export function valuesOfText(text: string): TextValues {
  try {
    const values: unknown = changeable(text).toJS({ maxAliasCount: 100 });
    return { values: (values ?? {}) as Record<string, unknown>, problem: null };
  } catch (problem) {
    if (problem instanceof BadInput) return { values: null, problem };
    return { values: null, problem: new BadInput('The text has too many aliases.', 'Write the repeated parts out.') };
  }
}

/** The value at a path of plain values; undefined where there is none. */
export function valueAt(values: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      value !== null && typeof value === 'object' && Object.hasOwn(value, key)
        ? (value as Record<string | number, unknown>)[key]
        : undefined,
    values,
  );
}

const isPlainValue = (value: unknown): value is string | number | boolean | null =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** Characters that no plain scalar of ours has: such texts are written in quotes. */
function scalarText(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value);
  const isSafe = /^[A-Za-z./][\w ./+-]*$/.test(value) && !value.endsWith(' ');
  const isWord = !/^(null|true|false|\.(inf|nan))$/i.test(value);
  return isSafe && isWord ? value : JSON.stringify(value);
}

/** Whether a scalar of the text can be replaced where it stands. */
function standsAlone(node: unknown, text: string): node is Scalar & { range: [number, number, number] } {
  if (!isScalar(node) || node.anchor !== undefined || node.tag !== undefined || !node.range) return false;
  const [start, end] = node.range;
  return end > start && !text.slice(start, end).includes('\n');
}

function aliased(path: Path): BadInput {
  return new BadInput(
    `${shownPath(path)} is written as an alias.`,
    'Change it in the text, where the value is written out.',
  );
}

/**
 * Makes room for a child at the end of `path`: what is missing or empty becomes a group, a bare name (`optimizer: sgd`)
 * becomes that name with settings.
 */
function openPath(document: Document, path: Path): void {
  if (!isMap(document.contents)) document.contents = document.createNode({}) as never;
  for (let depth = 1; depth < path.length; depth++) {
    const above = path.slice(0, depth);
    const node = document.getIn(above, true);
    if (isAlias(node)) throw aliased(above);
    if (isCollection(node)) continue;
    const value = isScalar(node) ? node.value : node;
    const next = String(path[depth]);
    if (value === undefined || value === null) document.setIn(above, document.createNode({}, { flow: true }));
    else if (value === next) document.setIn(above, document.createNode({ [next]: {} }, { flow: true }));
    else
      throw new BadInput(
        `${shownPath(above)} is ${JSON.stringify(value)}, not a group of settings.`,
        'Change it in the text.',
      );
  }
}

/** The text with one setting changed; `undefined` takes it out, and groups that this leaves empty with it. */
export function withSetting(text: string, path: Path, value: unknown): string {
  const document = changeable(text);
  const old: unknown = document.getIn(path, true);
  if (value === undefined) return old === undefined ? text : without(document, path);
  if (isPlainValue(value) && standsAlone(old, text))
    return `${text.slice(0, old.range[0])}${scalarText(value)}${text.slice(old.range[1])}`;
  if (isAlias(old)) throw aliased(path);
  openPath(document, path);
  document.setIn(path, nodeOf(document, value));
  return document.toString(style);
}

/** New values on one line, as the examples have them. */
function nodeOf(document: Document, value: unknown): Node {
  const node = document.createNode(value, { flow: true });
  if (isSeq(node) && node.items.some((item) => isCollection(item))) node.flow = false;
  return node;
}

function without(document: Document, path: Path): string {
  for (let depth = path.length; depth > 0; depth--) {
    const here = path.slice(0, depth);
    const node: unknown = document.getIn(here, true);
    if (depth < path.length && !(isCollection(node) && node.items.length === 0)) break;
    const above: unknown = document.getIn(here.slice(0, -1), true);
    if (isAlias(above)) throw aliased(here.slice(0, -1));
    document.deleteIn(here);
    // The setting that a comment was about may be the first one of its group.
    if (typeof here[here.length - 1] === 'number') break;
  }
  return document.toString(style);
}

/** The text with a value put into a list before the given place. */
export function withItem(text: string, path: Path, at: number, value: unknown): string {
  const document = changeable(text);
  const list: unknown = document.getIn(path, true);
  if (isAlias(list)) throw aliased(path);
  if (!isSeq(list)) return withSetting(text, path, [value]);
  const node = document.createNode(value, { flow: true });
  // In a list with a line for each item: `- dense: { units: 10 }`.
  if (isMap(node) && list.flow !== true) node.flow = false;
  list.items.splice(at, 0, node);
  return document.toString(style);
}

/** The text with an item of a list at another place of it; its comments go with it. */
export function withItemMoved(text: string, path: Path, from: number, to: number): string {
  const document = changeable(text);
  const list: unknown = document.getIn(path, true);
  if (isAlias(list)) throw aliased(path);
  if (!isSeq(list) || from === to) return text;
  const [item] = list.items.splice(from, 1);
  if (item !== undefined) list.items.splice(to, 0, item);
  // The comment before the first item belongs to the list.
  if (isNode(item) && item.spaceBefore) item.spaceBefore = false;
  return document.toString(style);
}

/** The text with a key of a group called otherwise, its value kept or replaced. */
export function withKey(text: string, path: Path, key: string, value: unknown): string {
  const document = changeable(text);
  const group: unknown = document.getIn(path, true);
  const [pair] = isMap(group) ? group.items : [];
  if (isMap(group) && group.items.length === 1 && pair && isScalar(pair.key)) {
    pair.key.value = key;
    pair.value = document.createNode(value, { flow: true });
    return document.toString(style);
  }
  return withSetting(text, path, { [key]: value });
}

/** The line (from 1) of a setting, or of the nearest group around it that is there; null where none is. */
export function lineOfSetting(text: string, path: Path): number | null {
  const lines = new LineCounter();
  let document: Document;
  try {
    document = parseDocument(text, { ...options, lineCounter: lines });
  } catch {
    return null;
  }
  for (let depth = path.length; depth > 0; depth--) {
    const parent: unknown = document.getIn(path.slice(0, depth - 1), true);
    const key = path[depth - 1];
    const pair = isMap(parent) ? parent.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
    const node: unknown = isScalar(pair?.key) ? pair.key : document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return null;
}

/**
 * The line that a complaint is about: `name:12:3: …` as the reader of files writes it, else the setting it names
 * (`model.layers[2].dense: …`).
 */
export function lineOfComplaint(text: string, found: string): number | null {
  const stated = /:(\d+):\d+(?::| )/.exec(found);
  if (stated) return Number(stated[1]);
  const named =
    /\b((?:name|seed|data|model|loss|reduction|optimizer|steps|checkpoints|probes|stopWhen|engine|precision)(?:\.\w+|\[\d+\])*)/.exec(
      found,
    );
  if (!named) return null;
  const path = (named[1] ?? '').split(/[.[\]]+/).filter((key) => key !== '');
  return lineOfSetting(
    text,
    path.map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
  );
}
