/**
 * JSON (RFC 8259) with one addition, because it has neither NaN nor infinities: such a number is written as the text
 * "NaN", "Infinity" or "-Infinity", and read back as the number. Typed arrays are written as lists.
 */
const unwritable = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

export function writeJson(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_, entry) => {
      if (typeof entry === 'number' && !Number.isFinite(entry)) return String(entry);
      return ArrayBuffer.isView(entry) ? Array.from(entry as unknown as ArrayLike<number>) : entry;
    },
    indent,
  );
}

/** Throws SyntaxError on text that is not JSON. */
export function readJson(text: string): unknown {
  return JSON.parse(text, (_, entry) => (typeof entry === 'string' ? (unwritable.get(entry) ?? entry) : entry));
}
