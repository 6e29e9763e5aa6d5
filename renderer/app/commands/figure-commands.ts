import { copyFromFigure, exportFigure, type FigureFormat, figureExports } from '../../actions/figure-actions.ts';
import { sourceOf } from '../../figures/figure-of.ts';
import { type FigureSource, focusedFigure } from '../../figures/figure-source.ts';
import { planeShown, useResults } from '../../state/results.ts';
import { useRuns } from '../../state/runs.ts';
import { openDialog } from '../../state/session.ts';
import type { Command } from '../command.ts';

/** The figure that had the focus last; else the plane that is shown, else the loss. */
function currentFigure(): FigureSource | null {
  const focused = focusedFigure();
  if (focused) return focused;
  const { current } = useRuns.getState();
  if (current === null) return null;
  return sourceOf(current, useResults.getState().landscapes[current]?.[planeShown(current)] ? 'slice' : 'loss');
}

const needsFigure = (): boolean | string => currentFigure() !== null || 'Open or start a run first.';

const keys: Readonly<Record<FigureFormat, string | null>> = {
  svg: '$mod+Alt+s',
  pdf: '$mod+Alt+f',
  csv: '$mod+Alt+c',
  npz: '$mod+Alt+n',
};

const saving = figureExports.map(
  ({ format, title }): Command => ({
    id: `figure.${format}`,
    title: title.replace(/^Save (as )?/, (_, as: string | undefined) => (as ? 'Save figure as ' : 'Save figure ')),
    menu: 'Figure',
    section: format === 'csv' || format === 'npz' ? 2 : 1,
    keys: keys[format],
    available: needsFigure,
    run: async () => {
      const figure = currentFigure();
      if (figure) await exportFigure(figure, format);
    },
  }),
);

const copying = (
  [
    ['command', 'Copy the command that reproduces the figure', '$mod+Alt+k'],
    ['references', 'Copy references of the figure as BibTeX', '$mod+Alt+b'],
    ['numbers', 'Copy the numbers of the figure', '$mod+Alt+m'],
  ] as const
).map(
  ([part, title, key]): Command => ({
    id: `figure.copy.${part}`,
    title,
    menu: 'Figure',
    section: 3,
    keys: key,
    available: needsFigure,
    run: async () => {
      const figure = currentFigure();
      if (figure) await copyFromFigure(figure, part);
    },
  }),
);

const printing: Command = {
  id: 'figure.print',
  title: 'Save figure for print…',
  menu: 'Figure',
  section: 1,
  keys: '$mod+Alt+p',
  available: needsFigure,
  run: () => openDialog('print', currentFigure()),
};

const data: Command = {
  id: 'figure.data',
  title: 'Save the slice in other forms…',
  menu: 'Figure',
  section: 2,
  keys: null,
  available: () => (currentFigure()?.slice?.() ?? null) !== null || 'Compute a slice first.',
  run: () => openDialog('sliceData', currentFigure()),
};

export const figureCommands: readonly Command[] = [printing, ...saving, data, ...copying];
