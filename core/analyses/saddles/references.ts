import type { Reference } from '../analysis-descriptor.ts';

export const saddleReferences: readonly Reference[] = [
  {
    authors: 'Dauphin, Pascanu, Gulcehre, Cho, Ganguli, Bengio',
    year: 2014,
    title: 'Identifying and attacking the saddle point problem in high-dimensional non-convex optimization',
    bibtex:
      '@inproceedings{dauphin2014saddle, title={Identifying and attacking the saddle point problem in high-dimensional non-convex optimization}, author={Dauphin, Yann N. and Pascanu, Razvan and Gulcehre, Caglar and Cho, Kyunghyun and Ganguli, Surya and Bengio, Yoshua}, booktitle={NeurIPS}, year={2014}}',
  },
  {
    authors: 'Frye, Simon, Wadia, Ligeralde, DeWeese, Bouchard',
    year: 2021,
    title: 'Critical point-finding methods reveal gradient-flat regions of deep network losses',
    bibtex:
      '@article{frye2021critical, title={Critical Point-Finding Methods Reveal Gradient-Flat Regions of Deep Network Losses}, author={Frye, Charles G. and Simon, James and Wadia, Neha S. and Ligeralde, Andrew and DeWeese, Michael R. and Bouchard, Kristofer E.}, journal={Neural Computation}, volume={33}, number={6}, year={2021}}',
  },
  {
    authors: 'Roosta, Liu, Xu, Mahoney',
    year: 2018,
    title: 'Newton-MR: inexact Newton method with minimum residual sub-problem solver',
    bibtex:
      '@article{roosta2018newtonmr, title={Newton-{MR}: Inexact {N}ewton Method With Minimum Residual Sub-problem Solver}, author={Roosta, Fred and Liu, Yang and Xu, Peng and Mahoney, Michael W.}, journal={arXiv:1810.00303}, year={2018}}',
  },
  {
    authors: 'Choi, Paige, Saunders',
    year: 2011,
    title: 'MINRES-QLP: a Krylov subspace method for indefinite or singular symmetric systems',
    bibtex:
      '@article{choi2011minresqlp, title={{MINRES-QLP}: A {K}rylov Subspace Method for Indefinite or Singular Symmetric Systems}, author={Choi, Sou-Cheng T. and Paige, Christopher C. and Saunders, Michael A.}, journal={SIAM J. Sci. Comput.}, volume={33}, number={4}, year={2011}}',
  },
];
