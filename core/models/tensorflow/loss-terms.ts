import {
  div,
  mul,
  softmax,
  squaredDifference,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core';
import type { LossName } from '../../objective/loss-convention.ts';
import { runKernel } from './engine-access.ts';

/**
 * ℓᵢ for each row of outputs f and targets y (one-hot for classes), width C, differentiable in f:
 * softmaxCrossEntropy −Σ_c y log softmax(f); meanSquaredError (1/C)‖f − y‖²; halfSquaredError ½‖f − y‖².
 */
export function perExampleLoss(loss: LossName, outputs: Tensor2D, targets: Tensor2D): Tensor1D {
  if (loss === 'softmaxCrossEntropy')
    return runKernel('SoftmaxCrossEntropy', { labels: targets, logits: outputs }) as Tensor1D;
  const squares = sum(squaredDifference(outputs, targets), 1) as Tensor1D;
  return loss === 'halfSquaredError' ? mul(squares, 0.5) : div(squares, outputs.shape[1]);
}

/**
 * Aᵢuᵢ for each row, with A = ∂²ℓ/∂f²: diag(p) − p pᵀ with p = softmax(f) for cross-entropy (the target has no part in
 * it), (2/C) I and I for the squared errors. With J the Jacobian of f, Σᵢ Jᵢᵀ Aᵢ Jᵢ is the Gauss–Newton matrix
 * (Schraudolph 2002).
 */
export function outputCurvatureProduct(loss: LossName, outputs: Tensor2D, u: Tensor2D): Tensor2D {
  return tidy(() => {
    if (loss === 'halfSquaredError') return u.clone();
    if (loss === 'meanSquaredError') return mul(u, 2 / outputs.shape[1]);
    const p = softmax(outputs);
    const pu = mul(p, u);
    return sub(pu, mul(p, sum(pu, 1, true)));
  });
}
