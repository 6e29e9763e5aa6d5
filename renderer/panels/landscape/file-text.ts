import { numberText } from '../../../core/figures/number-text.ts';
import { extentText, shapeName } from '../../../core/formats/landscape-checks.ts';
import type { LandscapeFile } from '../../../core/formats/landscape-file.ts';
import { quantityTitle } from './quantities.ts';

/** Why there is nothing to go to, to follow or to compute anew. */
export const whyNoRun = 'This landscape was read from a file: there is no run, and there are no weights, behind it.';

const titles: Readonly<Record<string, string>> = {
  dir_file: 'directions of',
  projection: 'path of',
  norms: '‖d‖ =',
  cosine: 'cosine of the directions',
  explained_variance_ratio: 'explained variance',
};
const mostOfNote = 80;

const noteText = ([name, text]: readonly [string, string]): string =>
  `${titles[name] ?? name.replaceAll('_', ' ')} ${text.length > mostOfNote ? `${text.slice(0, mostOfNote)}…` : rounded(text)}`;

/** A number with more digits than anybody reads, with four. */
const rounded = (text: string): string =>
  text.length > 8 && Number.isFinite(Number(text)) ? numberText(Number(text), 4) : text;

/** `loss-landscape plane · 7 × 4 points · directions of model.h5 · 86 % of the points`, without the last part. */
export function fileProvenance(file: LandscapeFile): string[] {
  return [
    `${file.form} ${shapeName(file)}`,
    `${extentText(file)} points`,
    ...Object.entries(file.notes)
      .filter(([, text]) => text.trim() !== '')
      .map(noteText),
  ];
}

/** `The loss of surface.h5, a plane of 7 × 4 points: x from −1 to 1, y from −1 to 2.` */
export function fileSubject(file: LandscapeFile, name: string, quantity: string): string {
  const axes = file.axes.map((axis) => {
    const { coordinates } = axis;
    return `${axis.name} from ${numberText(coordinates[0]!, 3)} to ${numberText(coordinates.at(-1)!, 3)}`;
  });
  const what = quantityTitle(quantity).replace(/ L$/, '');
  return `The ${what} of ${name}, a ${shapeName(file)} of ${extentText(file)} points: ${axes.join(', ')}.`;
}
