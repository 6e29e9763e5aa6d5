import type { ShownLandscape } from './results.ts';

/** More of them one below the other are too small to read in a panel. */
const mostTogether = 3;

/** Which quantity of a line is drawn, or `all`: what was chosen, where the line has it; else all where they are few. */
export function lineQuantityOf({ fields }: Pick<ShownLandscape['slice'], 'fields'>, wanted: string): string {
  if (wanted === 'all' || fields.some(({ quantity }) => quantity === wanted)) return wanted;
  return fields.length <= mostTogether ? 'all' : fields[0].quantity;
}
