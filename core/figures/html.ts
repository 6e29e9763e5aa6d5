/** Text that is markup already. Only `html` and `markup` make it. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Declares text to be markup; for constants of the program and what it has checked. */
export const markup = (text: string): Markup => new Markup(text);

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe between tags and within quoted attributes. Control characters, which HTML forbids, become U+FFFD. */
export const escaped = (text: string): string =>
  Array.from(text, (character) => {
    const code = character.codePointAt(0)!;
    const forbidden = (code < 32 && !'\t\n\r'.includes(character)) || (code >= 127 && code < 160);
    return forbidden ? '\uFFFD' : (entities[character] ?? character);
  }).join('');

type Part = string | number | Markup | readonly Markup[];

const written = (part: Part): string => {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return part.map(({ text }) => text).join('');
};

/** A template whose values are escaped unless they are markup. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(strings.map((text, i) => text + (i < parts.length ? written(parts[i]!) : '')).join(''));
