/** Lines of at most `letters` letters, broken between words but not before a per cent sign or a bracket; one line stays a string, as Vega-Lite takes both. */
export function wrapped(text: string, letters: number): string | string[] {
  const lines: string[] = [];
  for (const word of text.split(/ (?!%|\()/)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= letters) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.length > 1 ? lines : text;
}
