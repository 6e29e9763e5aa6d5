import { BadInput } from '../../bad-input.ts';
import { nearestName } from '../../nearest-name.ts';

export interface QuantityDescription {
  /** In files and on the command line. */
  readonly id: string;
  /** For axes and colour bars. */
  readonly title: string;
  /** One sentence. */
  readonly meaning: string;
  /** What has to be computed at each point. */
  readonly needs: 'loss' | 'gradient' | 'spectrum';
  /** Hessian products a point, at dimension p. */
  readonly products: (dim: number) => number;
  /** How its values are coloured: zero in the middle, or by size. */
  readonly scale: 'sequential' | 'diverging';
}

const none = (): number => 0;
/** Of an extreme eigenvalue at a point of a grid: where it does not converge within them its residual says so. */
export const productsPerEigenvalue = 60;
/** Up to here the index is counted from the dense matrix. */
export const denseIndexLimit = 400;
export const indexProbes = 4;
export const indexSteps = 40;

export const quantityDescriptions: readonly QuantityDescription[] = [
  { id: 'loss', title: 'loss L', meaning: 'the loss', needs: 'loss', products: none, scale: 'sequential' },
  {
    id: 'error',
    title: 'error',
    meaning: 'share of misclassified examples',
    needs: 'loss',
    products: none,
    scale: 'sequential',
  },
  {
    id: 'class_loss',
    title: 'loss of a class',
    meaning: 'the mean loss over the examples of each class, a quantity a class',
    needs: 'loss',
    products: none,
    scale: 'sequential',
  },
  {
    id: 'gradient_norm',
    title: '‖∇L‖',
    meaning: 'length of the gradient',
    needs: 'gradient',
    products: none,
    scale: 'sequential',
  },
  {
    id: 'cosine',
    title: 'cos(∇L, slice)',
    meaning: 'share of the gradient that lies in the slice: length of its projection over its length',
    needs: 'gradient',
    products: none,
    scale: 'sequential',
  },
  {
    id: 'lambda_max',
    title: 'λ max',
    meaning: 'largest eigenvalue of the Hessian',
    needs: 'spectrum',
    products: () => productsPerEigenvalue / 2,
    scale: 'diverging',
  },
  {
    id: 'lambda_min',
    title: 'λ min',
    meaning: 'smallest (most negative) eigenvalue of the Hessian',
    needs: 'spectrum',
    products: () => productsPerEigenvalue / 2,
    scale: 'diverging',
  },
  {
    id: 'lambda_ratio',
    title: '|λ min / λ max|',
    meaning: 'how far from convex: most negative eigenvalue over the largest, 0 where none is negative',
    needs: 'spectrum',
    products: none,
    scale: 'sequential',
  },
  {
    id: 'index',
    title: 'index',
    meaning: `number of negative eigenvalues of the Hessian: counted up to ${denseIndexLimit} parameters, above those below −1 % of the largest eigenvalue, estimated from probes`,
    needs: 'spectrum',
    products: (dim) => (dim <= denseIndexLimit ? dim : indexProbes * indexSteps),
    scale: 'sequential',
  },
];

const byId = new Map(quantityDescriptions.map((description) => [description.id, description]));

/** What stands in the descriptions of a field; `class_loss_3` is one of `class_loss`. */
export function quantityDescription(quantity: string): QuantityDescription | null {
  const known = byId.get(quantity);
  if (known) return known;
  const number = /^class_loss_(\d+)$/.exec(quantity)?.[1];
  const ofClass = byId.get('class_loss');
  return number === undefined || !ofClass ? null : { ...ofClass, id: quantity, title: `loss of class ${number}` };
}

/** `loss,lambda_max` or `lossLambdaMax` words; the loss is always computed and comes first. Throws BadInput for others. */
export function quantitiesOf(text: string): readonly QuantityDescription[] {
  const words = text
    .split(',')
    .map((word) =>
      word
        .trim()
        .replace(/-/g, '_')
        .replace(/([a-z])([A-Z])/g, '$1_$2')
        .toLowerCase(),
    )
    .filter(Boolean);
  const found = ['loss', ...words].map((word) => {
    const description = byId.get(word);
    if (description) return description;
    const near = nearestName(word, [...byId.keys()]);
    throw new BadInput(
      `There is no quantity “${word}”.`,
      `${near ? `Did you mean ${near}? ` : ''}Choose among ${[...byId.keys()].join(', ')}.`,
    );
  });
  return [...new Set(found)];
}
