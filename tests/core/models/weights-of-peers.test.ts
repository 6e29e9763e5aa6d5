import { describe, expect, it } from 'vitest';
import { matchWeights, weightsFromOutside, weightsToOutside } from '../../../core/models/weights-from-outside.ts';
import { cnnLayout, cnnLoss, examplesAt, mlpLayout, mlpLoss, tensorsAt } from './plain-networks.ts';

/**
 * Networks trained by JAX and saved by safetensors in PyTorch's layout. Their losses in float64 come from JAX; here they
 * are summed by plain loops over θ, channels last. A kernel put wrongly changes the loss in its first digits.
 */
const goldens = new URL('../../goldens/peers/', import.meta.url);

describe('PyTorch weights give the losses that their makers computed', () => {
  it('mlp-64-16-10 on 1,000 digits of 8 × 8', () => {
    const layout = mlpLayout(64, 16);
    const theta = weightsFromOutside(tensorsAt(new URL('mlp-64-16-10.safetensors', goldens)), layout, 'pytorch');
    const { x, y } = examplesAt(new URL('digits-8x8-1000.npz', goldens));
    expect(layout.dim).toBe(1210);
    expect(mlpLoss(theta, layout, x, y)).toBeCloseTo(0.65603368512, 10);
  });

  it('the same tensors in the other layout are refused, and the right one is named', () => {
    const tensors = tensorsAt(new URL('mlp-64-16-10.safetensors', goldens));
    expect(() => weightsFromOutside(tensors, mlpLayout(64, 16), 'tensorflow')).toThrow(
      /"fc1" \(bias 16, weight 16×64\).*"dense_1" \(bias 16, kernel 64×16\).*The shapes fit the layout pytorch: state that one\./,
    );
  });

  it(`mlp-784-64-10 on 1,000 digits`, () => {
    const layout = mlpLayout(784, 64);
    const { theta, matched } = matchWeights(
      tensorsAt(new URL('mlp-784-64-10.safetensors', goldens)),
      layout,
      'pytorch',
    );
    const { x, y } = examplesAt(new URL('digits-1000.npz', goldens));
    expect(mlpLoss(theta, layout, x, y)).toBeCloseTo(0.312102561707037, 12);
    expect(matched.map(({ tensor, block }) => `${tensor} → ${block}`)).toEqual([
      'fc1.weight → dense_1/kernel',
      'fc1.bias → dense_1/bias',
      'fc2.weight → dense_2/kernel',
      'fc2.bias → dense_2/bias',
    ]);
  });

  it(`the convolutional network on 1,000 digits: flatten C,H,W becomes H,W,C`, () => {
    const layout = cnnLayout();
    const theta = weightsFromOutside(tensorsAt(new URL('cnn.safetensors', goldens)), layout, 'pytorch');
    const { x, y } = examplesAt(new URL('digits-1000.npz', goldens));
    expect(layout.dim).toBe(5258);
    expect(cnnLoss(theta, layout, x, y)).toBeCloseTo(0.2722786820964676, 12);
    const again = weightsFromOutside(weightsToOutside(theta, layout), layout, 'tensorflow');
    expect(again).toEqual(theta);
  });
});
