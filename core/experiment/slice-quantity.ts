import { quantityDescription } from '../analyses/slices/quantities.ts';
import type { SliceQuantity } from '../figures/field-colours.ts';

type Words = Pick<SliceQuantity, 'title' | 'symbol' | 'scale'>;

const words: Readonly<Record<string, Words>> = {
  loss: { title: 'Loss', symbol: 'L', scale: 'automatic' },
  error: { title: 'Error', symbol: '', scale: 'linear' },
  gradient_norm: { title: 'Gradient norm', symbol: '‖∇L‖', scale: 'automatic' },
  cosine: { title: 'Cosine of gradient and slice', symbol: '', scale: 'linear' },
  lambda_max: { title: 'Largest eigenvalue', symbol: 'λ max', scale: 'diverging' },
  lambda_min: { title: 'Smallest eigenvalue', symbol: 'λ min', scale: 'diverging' },
  lambda_ratio: { title: 'Ratio of eigenvalues', symbol: '|λ min / λ max|', scale: 'linear' },
  index: { title: 'Index', symbol: '', scale: 'linear' },
};

/** The number of the class whose loss it is; null for other quantities. */
export const classOfQuantity = (id: string): string | null => /^class_loss_(\d+)$/.exec(id)?.[1] ?? null;

/** A quantity of a slice as figures name and colour it. One that only a file knows has the file's name for it. */
export function sliceQuantity(id: string): SliceQuantity {
  const number = classOfQuantity(id);
  if (number !== null) return { id, title: `Loss of class ${number}`, symbol: '', unit: null, scale: 'automatic' };
  const title = id.replaceAll('_', ' ');
  const known = words[id] ?? {
    title: `${title[0]?.toUpperCase() ?? ''}${title.slice(1)}`,
    symbol: '',
    scale: quantityDescription(id)?.scale === 'diverging' ? 'diverging' : 'automatic',
  };
  return { id, unit: null, ...known };
}
