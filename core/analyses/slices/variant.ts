import { sliceDescriptor } from './descriptor.ts';
import { quantitiesOf } from './quantities.ts';

/** What makes another question of the same directions; the grid and what follows from it do not. */
const tellingParameters = [
  'extent',
  'rise',
  'normalization',
  'biases',
  'gains',
  'removeScales',
  'quantity',
  'examples',
  'uncertainty',
] as const;

/**
 * Eight hexadecimal digits for what is asked besides the directions, so that slices that answer different questions have
 * different names; empty where everything is as it is by itself. FNV-1a (Fowler, Noll, Vo 1991) of the parameters that
 * depart from their defaults.
 */
export function variantOf(given: Readonly<Record<string, unknown>>): string {
  const departures = tellingParameters.flatMap((name) => {
    const usual = sliceDescriptor.parameters.find((parameter) => parameter.name === name)?.default;
    const value = given[name] ?? usual;
    const [asked, normal] = name === 'quantity' ? [value, usual].map(quantityIds) : [value, usual];
    return asked === normal ? [] : [[name, asked]];
  });
  return departures.length === 0 ? '' : fnv1a(JSON.stringify(departures));
}

const quantityIds = (text: unknown): string =>
  quantitiesOf(String(text))
    .map(({ id }) => id)
    .sort()
    .join();

function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
