import type {
  Approximations,
  ClassStructure,
  EigenvalueRatios,
  GradientShare,
  SharpnessMeasure,
  SubspaceShare,
} from '../../../core/analyses/structure/structure.ts';
import type { StructureDocument } from '../../../core/experiment/result-documents.ts';
import { certified } from '../terminal/certified-number.ts';
import { printable } from '../terminal/printable.ts';

/** The document for people: every number with its certificate, every sharpness with its formula. */
export function structureLines(document: StructureDocument): string[] {
  const { classes, gradientShares, approximations, sharpness, stats, status, inexactReason, notices } = document;
  const lines = [
    `${printable(document.experiment)}${document.step === null ? '' : `, step ${document.step}`}: structure of the curvature of ${document.convention.formula}`,
    `loss ${document.loss.toPrecision(7)}, ‖∇L‖ ${document.gradientNorm.toPrecision(4)}, ${document.dim} parameters, ${document.engine} ${document.precision}`,
  ];
  if (inexactReason !== null) lines.push(`Products are differences of gradients: ${printable(inexactReason)}`);
  if (classes) lines.push('', ...classLines(classes));
  if (gradientShares && gradientShares.length > 0) lines.push('', ...gradientLines(gradientShares));
  if (approximations) lines.push('', ...approximationLines(approximations));
  if (sharpness) lines.push('', ...sharpnessLines(sharpness));
  if (notices.length > 0) lines.push('', ...notices.map(printable));
  lines.push('', `${status}: ${document.advice} ${stats.products} products, ${stats.seconds.toFixed(1)} s.`);
  return lines;
}

/** Four digits, small numbers with their power of ten. */
const short = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(3) : value.toPrecision(4);
/** No minus in front of a zero. */
const percent = (share: number): string => `${(100 * (Math.abs(share) < 5e-4 ? 0 : share)).toFixed(1)} %`;

/** A share of a subspace and what its residuals can change of it. */
function shareText({ value, error }: SubspaceShare): string {
  if (!(error < 1)) return `${percent(value)} (not certain: no gap below the subspace was resolved)`;
  return error < 5e-4 ? percent(value) : `${percent(value)} ± ${percent(error)}`;
}

function classLines(found: ClassStructure): string[] {
  const { classes, parts, within, traceOfG } = found;
  const traceText = ({ value, low95, high95 }: ClassStructure['traceOfG']) =>
    `${short(value)}, 95 % ${short(low95)} … ${short(high95)}`;
  const shown = (values: readonly number[]) => values.map(short).join('  ');
  const pairs = (values: ClassStructure['hessian']) =>
    values.slice(0, classes + 1).map(({ value, errorEstimate }) => `    ${certified(value, errorEstimate)}`);
  return [
    `Class structure of the Gauss–Newton matrix G = G0 + G1 + G2 + G_within, ${classes} classes`,
    `  trace of G ${traceText(traceOfG)}`,
    ...parts.flatMap(({ name, formula, eigenvalues, trace, floor }) => [
      `  ${name}: trace ${short(trace)} (${percent(trace / traceOfG.value)}), ${formula}`,
      `    largest eigenvalues ${shown(eigenvalues.slice(0, classes))} (rounding ${floor.toExponential(1)})`,
    ]),
    `  within classes: trace ${traceText(within.trace)} (${percent(within.trace.value / traceOfG.value)})`,
    ...(within.largest
      ? [`    largest eigenvalue ${certified(within.largest.value, within.largest.errorEstimate)}`]
      : []),
    `  H, ${classes + 1} largest (± estimated error)`,
    ...pairs(found.hessian),
    `  G, ${classes + 1} largest`,
    ...pairs(found.gaussNewton),
    `  ${ratioText('H', found.hessianRatios, classes)}`,
    `  ${ratioText('G', found.gaussNewtonRatios, classes)}`,
    `  eigenvalues of G1 over those of G: ${found.g1OverGaussNewton.map(percent).join('  ')}`,
    `  overlap of the eigenspace of G1 with the leading one of H ${shareText(found.overlapWithHessian)}, of G ${shareText(found.overlapWithGaussNewton)}`,
  ];
}

function ratioText(name: string, { ratios, largestAt, certain }: EigenvalueRatios, classes: number): string {
  if (largestAt === null) return `${name}: no two positive eigenvalues in a row.`;
  const ratio = ratios[largestAt - 1]!.toPrecision(3);
  return `${name}: the largest ratio λ_k/λ_{k+1} up to k = ${ratios.length} is ${ratio} at k = ${largestAt}${certain ? '' : ' (within errors of another)'}; there are ${classes} classes.`;
}

function gradientLines(shares: readonly GradientShare[]): string[] {
  return [
    'Share of the gradient in the top subspace of H, ‖P_k ∇L‖²/‖∇L‖²',
    ...shares.flatMap(({ k, byChance, share, halves }) => [
      `  k = ${k}: ${shareText(share)}; by chance ${percent(byChance)}`,
      ...(halves
        ? [
            `    two halves of the data: ${halves.own.map(shareText).join(' and ')}, standard error ${percent(halves.standardError)} with one degree of freedom`,
            `    gradient of one half in the subspace of the other: ${halves.crossed.map(shareText).join(' and ')}`,
          ]
        : []),
    ]),
  ];
}

function approximationLines({ damping, asymmetry, qualities, kfac }: Approximations): string[] {
  const head = `  ${'M'.padEnd(3)}${'approximation'.padEnd(16)}${'‖A−M‖/‖M‖'.padEnd(12)}${'trace'.padEnd(10)}${'λ₁(A)/λ₁(M)'.padEnd(13)}${'cos v₁'.padEnd(20)}cos of steps`;
  const rows = qualities.map((one) => {
    const { value, error } = one.topCosine;
    const cosine = error < 1 ? certified(value, Math.max(error, 1e-6)) : 'no gap';
    return [
      `  ${(one.of === 'hessian' ? 'H' : 'G').padEnd(3)}${one.name.padEnd(16)}`,
      one.frobeniusError.toPrecision(3).padEnd(12),
      percent(one.traceError).padEnd(10),
      one.largestRatio.toPrecision(4).padEnd(13),
      cosine.padEnd(20),
      one.stepCosine === null ? '–' : one.stepCosine.toPrecision(4),
    ].join('');
  });
  const covered = kfac
    ? [
        `  kfac: A ⊗ B of ${kfac.layers.length > 0 ? kfac.layers.map(printable).join(', ') : 'no layer'} over ${kfac.examples} examples`,
      ]
    : [];
  return [
    `Approximations A against the dense M; M symmetric to ${asymmetry.toExponential(1)}; steps (A + σI)⁻¹∇L with σ = ${damping.toPrecision(3)}`,
    head,
    ...rows,
    ...covered,
  ];
}

const certificates: Readonly<Record<SharpnessMeasure['certificate'], string>> = {
  residual: 'by its residual',
  standardError: 'standard error',
  rounding: 'rounding',
  lowerBound: 'a lower bound; rounding',
};

function sharpnessLines(measures: readonly SharpnessMeasure[]): string[] {
  return [
    'Sharpness, each by its definition',
    ...measures.flatMap(({ name, formula, value, certificate, error, interval95, scaleInvariant, settings }) => {
      const interval = interval95 ? `, 95 % ${interval95.map(short).join(' … ')}` : '';
      const given = Object.entries(settings).map(([key, one]) => `${key} ${Number(one.toPrecision(4))}`);
      const notes = [...(scaleInvariant ? ['invariant to rescaling of layers'] : []), ...given];
      return [
        `  ${name}: ${certified(value, error)} (${certificates[certificate]}${interval})`,
        `    ${formula}${notes.length > 0 ? `; ${notes.join(', ')}` : ''}`,
      ];
    }),
  ];
}
