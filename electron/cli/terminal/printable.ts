/** Text from a file or a user, safe on a terminal: control, format and line-separating characters are escaped. */
export const printable = (text: string): string =>
  Array.from(text, (character) =>
    /[\p{C}\p{Zl}\p{Zp}]/u.test(character) ? `\\u{${character.codePointAt(0)?.toString(16)}}` : character,
  ).join('');
