import type { Reference } from '../analysis-descriptor.ts';

/** The sources of the methods, in the order in which they are used. */
export const spectrumReferences: readonly Reference[] = [
  {
    authors: 'C. Lanczos',
    year: 1950,
    title:
      'An iteration method for the solution of the eigenvalue problem of linear differential and integral operators',
    bibtex:
      '@article{lanczos1950, author={Lanczos, Cornelius}, title={An iteration method for the solution of the eigenvalue problem of linear differential and integral operators}, journal={Journal of Research of the National Bureau of Standards}, volume={45}, number={4}, pages={255--282}, year={1950}}',
  },
  {
    authors: 'K. Wu, H. Simon',
    year: 2000,
    title: 'Thick-restart Lanczos method for large symmetric eigenvalue problems',
    bibtex:
      '@article{wu2000thick, author={Wu, Kesheng and Simon, Horst}, title={Thick-restart {Lanczos} method for large symmetric eigenvalue problems}, journal={SIAM Journal on Matrix Analysis and Applications}, volume={22}, number={2}, pages={602--616}, year={2000}}',
  },
  {
    authors: 'L. Lin, Y. Saad, C. Yang',
    year: 2016,
    title: 'Approximating spectral densities of large matrices',
    bibtex:
      '@article{lin2016spectral, author={Lin, Lin and Saad, Yousef and Yang, Chao}, title={Approximating spectral densities of large matrices}, journal={SIAM Review}, volume={58}, number={1}, pages={34--65}, year={2016}}',
  },
  {
    authors: 'B. Ghorbani, S. Krishnan, Y. Xiao',
    year: 2019,
    title: 'An investigation into neural net optimization via Hessian eigenvalue density',
    bibtex:
      '@inproceedings{ghorbani2019density, author={Ghorbani, Behrooz and Krishnan, Shankar and Xiao, Ying}, title={An investigation into neural net optimization via {Hessian} eigenvalue density}, booktitle={International Conference on Machine Learning}, year={2019}}',
  },
  {
    authors: 'M. F. Hutchinson',
    year: 1990,
    title: 'A stochastic estimator of the trace of the influence matrix for Laplacian smoothing splines',
    bibtex:
      '@article{hutchinson1990, author={Hutchinson, M. F.}, title={A stochastic estimator of the trace of the influence matrix for {Laplacian} smoothing splines}, journal={Communications in Statistics -- Simulation and Computation}, volume={19}, number={2}, pages={433--450}, year={1990}}',
  },
  {
    authors: 'G. H. Golub, R. Underwood',
    year: 1977,
    title: 'The block Lanczos method for computing eigenvalues',
    bibtex:
      '@incollection{golub1977block, author={Golub, Gene H. and Underwood, Richard}, title={The block {Lanczos} method for computing eigenvalues}, booktitle={Mathematical Software III}, pages={361--377}, year={1977}}',
  },
  {
    authors: 'A. V. Knyazev',
    year: 2001,
    title:
      'Toward the optimal preconditioned eigensolver: locally optimal block preconditioned conjugate gradient method',
    bibtex:
      '@article{knyazev2001lobpcg, author={Knyazev, Andrew V.}, title={Toward the optimal preconditioned eigensolver: locally optimal block preconditioned conjugate gradient method}, journal={SIAM Journal on Scientific Computing}, volume={23}, number={2}, pages={517--541}, year={2001}}',
  },
  {
    authors: 'R. A. Meyer, C. Musco, C. Musco, D. P. Woodruff',
    year: 2021,
    title: 'Hutch++: optimal stochastic trace estimation',
    bibtex:
      '@inproceedings{meyer2021hutchpp, author={Meyer, Raphael A. and Musco, Cameron and Musco, Christopher and Woodruff, David P.}, title={Hutch++: optimal stochastic trace estimation}, booktitle={Symposium on Simplicity in Algorithms}, pages={142--155}, year={2021}}',
  },
  {
    authors: 'E. N. Epperly, J. A. Tropp, R. J. Webber',
    year: 2024,
    title: 'XTrace: making the most of every sample in stochastic trace estimation',
    bibtex:
      '@article{epperly2024xtrace, author={Epperly, Ethan N. and Tropp, Joel A. and Webber, Robert J.}, title={{XTrace}: making the most of every sample in stochastic trace estimation}, journal={SIAM Journal on Matrix Analysis and Applications}, volume={45}, number={1}, pages={1--23}, year={2024}}',
  },
  {
    authors: 'S. Ubaru, J. Chen, Y. Saad',
    year: 2017,
    title: 'Fast estimation of tr(f(A)) via stochastic Lanczos quadrature',
    bibtex:
      '@article{ubaru2017fast, author={Ubaru, Shashanka and Chen, Jie and Saad, Yousef}, title={Fast estimation of $\\mathrm{tr}(f(A))$ via stochastic {Lanczos} quadrature}, journal={SIAM Journal on Matrix Analysis and Applications}, volume={38}, number={4}, pages={1075--1099}, year={2017}}',
  },
  {
    authors: 'C. Bekas, E. Kokiopoulou, Y. Saad',
    year: 2007,
    title: 'An estimator for the diagonal of a matrix',
    bibtex:
      '@article{bekas2007diagonal, author={Bekas, C. and Kokiopoulou, E. and Saad, Y.}, title={An estimator for the diagonal of a matrix}, journal={Applied Numerical Mathematics}, volume={57}, number={11--12}, pages={1214--1229}, year={2007}}',
  },
  {
    authors: 'B. A. Pearlmutter',
    year: 1994,
    title: 'Fast exact multiplication by the Hessian',
    bibtex:
      '@article{pearlmutter1994, author={Pearlmutter, Barak A.}, title={Fast exact multiplication by the {Hessian}}, journal={Neural Computation}, volume={6}, number={1}, pages={147--160}, year={1994}}',
  },
];
