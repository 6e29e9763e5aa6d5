import { useMemo } from 'react';
import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import {
  type ComparedSpectrum,
  type DensityView,
  leadingEigenvalueFigure,
  matrixName,
  meanDensityFigure,
  meanEigenvalueFigure,
  spectraOverTrainingFigure,
  spectrumDensityFigure,
} from '../../../core/experiment/spectrum-figures.ts';
import type { Figure } from '../../../core/figures/figure.ts';
import { numberText } from '../../../core/figures/number-text.ts';
import type { Theme } from '../../../core/figures/theme.ts';
import { FigureMenu } from '../../figures/figure-menu.tsx';
import { spectrumThreshold } from '../../figures/figure-of.ts';
import { useFigureTheme } from '../../figures/figure-theme.ts';
import { FigureView } from '../../figures/figure-view.tsx';
import type { Run } from '../../state/runs.ts';
import { openDialog } from '../../state/session.ts';
import { EmptyState } from '../../widgets/section.tsx';
import { Segmented } from '../../widgets/segmented.tsx';
import { MassStrip } from './mass-strip.tsx';
import { OverlapSection } from './overlap-section.tsx';

export type FigureKind = DensityView | 'training';

export interface SpectrumFiguresProps {
  readonly run: Run;
  /** All of the run, for the picture over training. */
  readonly spectra: readonly SpectrumDocument[];
  readonly document: SpectrumDocument;
  readonly compared: ComparedSpectrum | null;
  /** This one and the others, where the mean of several is shown; else empty. */
  readonly several: readonly SpectrumDocument[];
  readonly kind: FigureKind;
  readonly onKind: (kind: FigureKind) => void;
}

const titles: Readonly<Record<FigureKind, { readonly title: string; readonly help: string }>> = {
  density: { title: 'λ', help: 'density over λ' },
  logarithmic: { title: 'lg |λ|', help: 'density over the logarithm of λ, both signs' },
  cumulative: { title: 'Cumulative', help: 'share of the eigenvalues up to λ, with bounds' },
  training: { title: 'Over steps', help: 'density over the steps of training' },
};

/** Spectra of the same matrix at other steps. */
const sameMatrix = (spectra: readonly SpectrumDocument[], document: SpectrumDocument): readonly SpectrumDocument[] =>
  spectra.filter((one) => matrixName(one) === matrixName(document) && one.density !== null && one.step !== null);

/** The kinds of figures that there is something for. */
function kindsOf({ spectra, document, several }: Omit<SpectrumFiguresProps, 'onKind'>): readonly FigureKind[] {
  const { density } = document;
  const overTraining = new Set(sameMatrix(spectra, document).map(({ step }) => step)).size > 1;
  return [
    ...(density ? (['density'] as const) : []),
    ...(density?.logarithmic && several.length === 0 ? (['logarithmic'] as const) : []),
    ...(density?.cumulative ? (['cumulative'] as const) : []),
    ...(overTraining ? (['training'] as const) : []),
  ];
}

/** The density in the view that is wanted, the shares of the signs, and the leading eigenvalues. */
export function SpectrumFigures(props: SpectrumFiguresProps) {
  const { run, spectra, document, compared, several, kind: wanted, onKind } = props;
  const theme = useFigureTheme();
  const threshold = useMemo(() => spectrumThreshold(run, document), [run, document]);
  const [name, value] = [threshold?.name ?? null, threshold?.value ?? null];
  const limit = useMemo(() => (name !== null && value !== null ? { name, value } : null), [name, value]);
  const { document: other = null, name: otherName = '', ownName = '' } = compared ?? {};
  const shown = useMemo(() => other && { document: other, name: otherName, ownName }, [other, otherName, ownName]);
  const kinds = kindsOf(props);
  const kind = kinds.includes(wanted) ? wanted : (kinds[0] ?? null);
  const make = useMemo(() => {
    const main = (as: Theme): Figure | null => {
      if (kind === null) return null;
      if (kind === 'training') return spectraOverTrainingFigure(sameMatrix(spectra, document), limit, as);
      if (several.length > 0 && kind !== 'logarithmic') return meanDensityFigure(several, limit, kind, as);
      return spectrumDensityFigure(document, limit, kind, as, shown);
    };
    const second = (as: Theme): Figure | null =>
      several.length > 0
        ? meanEigenvalueFigure(several, limit, as)
        : leadingEigenvalueFigure(document, limit, as, shown);
    return { main, second };
  }, [kind, spectra, document, limit, several, shown]);
  const density = useMemo(() => make.main(theme), [make, theme]);
  const eigenvalues = useMemo(() => make.second(theme), [make, theme]);
  return (
    <div className="spectrum-panel-figures">
      {kinds.length > 0 && kind !== null ? (
        <div className="spectrum-panel-views">
          <Segmented
            label="Figure of the spectrum"
            value={kind}
            options={kinds.map((id) => ({ id, ...titles[id] }))}
            onChange={onKind}
          />
          {document.density ? <span>{densityNote(document.density, kind)}</span> : null}
        </div>
      ) : null}
      {density ? (
        <FigureMenu figure={() => make.main('light')}>
          <FigureView className="spectrum-panel-figure spectrum-panel-density" figure={density} />
        </FigureMenu>
      ) : (
        <EmptyState
          sentence="This spectrum has no density: only its extreme eigenvalues were asked for."
          action={{
            title: 'Compute the density…',
            onPress: () => openDialog('analysis', { id: 'spectrum', parameters: { density: true } }),
          }}
        />
      )}
      {document.density?.masses ? <MassStrip masses={document.density.masses} /> : null}
      {document.density && compared && compared.document.density === null ? (
        <p className="spectrum-panel-note">
          The spectrum of {compared.name} has no density: only its eigenvalues are compared.
        </p>
      ) : null}
      {eigenvalues ? (
        <FigureMenu figure={() => make.second('light')}>
          <FigureView className="spectrum-panel-figure" figure={eigenvalues} />
        </FigureMenu>
      ) : null}
      <OverlapSection run={run} />
    </div>
  );
}

/** `10 probes × 80 steps, kernel 0.25`. */
function densityNote(density: NonNullable<SpectrumDocument['density']>, kind: FigureKind): string {
  const { probes, steps, kernelWidth, logarithmic } = density;
  const kernel =
    kind === 'logarithmic' && logarithmic
      ? `${numberText(logarithmic.kernelWidth, 2)} decades`
      : numberText(kernelWidth, 2);
  return `${probes} ${probes === 1 ? 'probe' : 'probes'} × ${steps} steps, kernel ${kernel}`;
}
