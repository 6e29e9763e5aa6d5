import type { QuantityFigureInput, QuantityPoint } from '../figures/quantity-figure.ts';

/** What the probe of the top eigenvalues measured, as figures over the steps of training. */
type Sources = Omit<QuantityFigureInput, 'command'>;

const gurAri = {
  text: 'G. Gur-Ari, D. A. Roberts, E. Dyer (2018): Gradient descent happens in a tiny subspace.',
  bibtex:
    '@article{gurari2018gradient, author={Gur-Ari, Guy and Roberts, Daniel A. and Dyer, Ethan}, title={Gradient descent happens in a tiny subspace}, journal={arXiv:1812.04754}, year={2018}}',
};

/** `ranks`: the points of each eigenvalue, the largest first. */
export const topEigenvalueSources = (ranks: readonly (readonly QuantityPoint[])[]): Sources => ({
  id: 'top-eigenvalues',
  title: 'Top eigenvalues',
  subtitle: `the ${ranks.length} largest eigenvalues λ of the Hessian`,
  quantity: 'Eigenvalue λ',
  scale: 'linear',
  lines: ranks.map((points, i) => ({ name: `λ ${i + 1}`, points })),
  caption: 'The largest eigenvalues of the Hessian by Lanczos. Each band is ± the residual ‖Hv − λv‖.',
});

export const subspaceOverlapSources = (points: readonly QuantityPoint[]): Sources => ({
  id: 'subspace-overlap',
  title: 'Overlap of top subspaces',
  subtitle: 'of the top eigenvectors with those of the measurement before',
  quantity: '‖U₀ᵀU‖² / k',
  scale: 'free',
  lines: [{ name: 'overlap', points }],
  caption:
    'Overlap ‖U₀ᵀU‖²_F / k of the span of the k top eigenvectors with that of the measurement before: 1 where it stays, k/p for two random subspaces of p dimensions. The band is the bound from the residuals and the gap below the k-th eigenvalue (Davis and Kahan 1970).',
  references: [gurAri],
});

export const gradientShareSources = (points: readonly QuantityPoint[]): Sources => ({
  id: 'gradient-share',
  title: 'Gradient in the top subspace',
  subtitle: 'share of the squared gradient along the top eigenvectors',
  quantity: '‖Uᵀg‖² / ‖g‖²',
  scale: 'free',
  lines: [{ name: 'share', points }],
  caption:
    'Share ‖Uᵀg‖² / ‖g‖² of the squared gradient in the span of the k top eigenvectors. The band is the bound from the residuals and the gap below the k-th eigenvalue (Davis and Kahan 1970).',
  references: [gurAri],
});
