import { quantityDescription } from '../../../core/analyses/slices/quantities.ts';
import type { SliceField } from '../../../core/analyses/slices/slice.ts';
import { numberText } from '../../../core/figures/number-text.ts';
import type { SurfaceColour } from '../../scene/surface-colours.ts';
import type { ShownLandscape } from '../../state/results.ts';
import type { Settings } from '../../state/settings.ts';

type Slice = ShownLandscape['slice'];

/** `loss L`, `λ max`, `loss of class 3`. */
export const quantityTitle = (id: string): string => quantityDescription(id)?.title ?? id.replaceAll('_', ' ');

/** Words begin with a capital; a λ stays one. */
export const capital = (text: string): string => text.replace(/^[a-z]/, (letter) => letter.toUpperCase());

/** The quantity of this name; the loss where the slice has none. */
export const fieldOf = ({ fields }: Slice, id: string): SliceField =>
  fields.find(({ quantity }) => quantity === id) ?? fields[0];

/** What quantities are seen best on. */
const logarithmic = /^(loss|class_loss(_\d+)?|gradient_norm)$/;

export function scaleOfQuantity(id: string, wanted: Settings['landscape']['colourScale']): SurfaceColour['scale'] {
  if (wanted !== 'own') return wanted;
  if (quantityDescription(id)?.scale === 'diverging') return 'diverging';
  return logarithmic.test(id) ? 'log' : 'linear';
}

/** What colours a surface whose height is another quantity; null where the height does. */
export function colourOf(slice: Slice, { quantity, colour, colourScale }: Settings['landscape']): SurfaceColour | null {
  const height = fieldOf(slice, quantity).quantity;
  const field = slice.fields.find((one) => one.quantity === colour);
  if (!field || field.quantity === height) return null;
  const { values, computed } = field;
  return {
    values,
    computed,
    title: capital(quantityTitle(field.quantity)),
    scale: scaleOfQuantity(field.quantity, colourScale),
  };
}

/** The certificate of one value; null where values are exact up to rounding. */
export function certificateAt({ certificate, uncertainty }: SliceField, index: number): string | null {
  if (certificate === null || uncertainty === null) return null;
  return `± ${numberText(uncertainty[index]!, 2)} (${certificate})`;
}

/** `largest residual 3.1e−5`: what bounds every value of a quantity. */
export function certificateSentence({ certificate, uncertainty, computed, quantity }: SliceField): string {
  if (certificate === null || uncertainty === null) return `${quantityTitle(quantity)}: exact up to rounding`;
  let [largest, unknown] = [0, 0];
  for (let i = 0; i < computed.length; i++) {
    if (computed[i] !== 1) continue;
    const value = uncertainty[i]!;
    if (Number.isFinite(value)) largest = Math.max(largest, value);
    else unknown++;
  }
  const rest = unknown > 0 ? `, unknown at ${unknown} ${unknown === 1 ? 'point' : 'points'}` : '';
  return `${quantityTitle(quantity)}: largest ${certificate} ${numberText(largest, 2)}${rest}`;
}
