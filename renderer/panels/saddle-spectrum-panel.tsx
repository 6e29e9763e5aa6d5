import { useMemo } from 'react';
import type { SearchedPoint } from '../../core/analyses/saddles/saddle.ts';
import { searchedPointSpectrum } from '../../core/experiment/saddle-figures.ts';
import { numberText } from '../../core/figures/number-text.ts';
import { FigureMenu } from '../figures/figure-menu.tsx';
import { useFigureTheme } from '../figures/figure-theme.ts';
import { FigureView } from '../figures/figure-view.tsx';
import { useSaddleSubject } from '../state/saddle-form.ts';
import { useSelectedPoint, useShownSearch } from '../state/searches.ts';
import { EmptyState, PanelHead } from '../widgets/section.tsx';
import './saddles/saddles.css';

/** All eigenvalues of the Hessian at the selected point, in order. */
export function SaddleSpectrumPanel() {
  const key = useSaddleSubject()?.key ?? '';
  const search = useShownSearch(key);
  const point = useSelectedPoint(key);
  return (
    <section className="saddle-panel" aria-label="Spectrum of a point">
      <PanelHead title={point === null ? 'Spectrum of a point' : `Spectrum of point ${point.number}`} />
      {point === null ? (
        <EmptyState sentence="Select a point: the eigenvalues of its Hessian stand here, the negative ones are its ways down." />
      ) : (
        <Spectrum point={point} command={search?.document?.command ?? ''} />
      )}
    </section>
  );
}

function Spectrum({ point, command }: { readonly point: SearchedPoint; readonly command: string }) {
  const theme = useFigureTheme();
  const figure = useMemo(() => searchedPointSpectrum(point, command, theme), [point, command, theme]);
  if (figure === null) return <Counts point={point} />;
  return (
    <FigureMenu figure={() => searchedPointSpectrum(point, command, 'light')}>
      <FigureView className="saddle-spectrum" figure={figure} />
    </FigureMenu>
  );
}

/** Of a matrix that was too large to be dense: what is known of it. */
function Counts({ point: { index, lowest, highest } }: { readonly point: SearchedPoint }) {
  if (index === null) return <EmptyState sentence="Nothing is known of the eigenvalues of this point." />;
  const error = index.standardError === null ? '' : ` ± ${numberText(index.standardError, 2)}`;
  return (
    <EmptyState
      sentence={`The Hessian is too large for all of its eigenvalues. Quadrature counts ${numberText(index.negative, 4)}${error} negative, ${numberText(index.null, 4)} zero and ${numberText(index.positive, 4)} positive ones${lowest && highest ? `, from ${numberText(lowest.value, 3)} to ${numberText(highest.value, 3)}` : ''}.`}
    />
  );
}
