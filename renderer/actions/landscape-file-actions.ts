import { nameOfSlice } from '../../core/experiment/slice-name.ts';
import { extentText, shapeName } from '../../core/formats/landscape-checks.ts';
import type { LandscapeFile } from '../../core/formats/landscape-file.ts';
import type { GrantedFile } from '../../core/protocol/bridge.ts';
import type { ReadLandscape } from '../../core/protocol/methods.ts';
import { compute } from '../client/compute.ts';
import {
  type OpenedLandscape,
  openedLandscape,
  putLandscapeFile,
  removeLandscapeFile,
  shownFile,
  sourceOfLandscape,
  useLandscapeFiles,
} from '../state/landscape-files.ts';
import { landscapeOfFile } from '../state/landscape-of-file.ts';
import { announce, reportProblem } from '../state/session.ts';
import { reporting } from './failures.ts';

type Beside = Pick<OpenedLandscape, 'directions' | 'projection'>;
const alone: Beside = { directions: null, projection: null };

/**
 * Shows landscapes, the last one in front. Direction and projection files of loss-landscape go to the surface among them
 * that names them, else to one that is open; without any it is told what they are and what to open.
 */
export async function openLandscapes(files: readonly GrantedFile[]): Promise<void> {
  const additions: { readonly file: GrantedFile; readonly kind: Exclude<ReadLandscape['kind'], 'landscape'> }[] = [];
  for (const file of files) {
    const known = openedLandscape(file.reference);
    const kind = await readAndShow(file, known ?? alone);
    if (kind === 'directions' || kind === 'projection') additions.push({ file, kind });
  }
  // Directions first: with them, a projection is drawn in its place.
  additions.sort((a, b) => a.kind.localeCompare(b.kind));
  for (const { file, kind } of additions) {
    const surface = surfaceOf(file);
    if (surface === null) tellAlone(file, kind);
    else
      await readAndShow(surface.file, { directions: surface.directions, projection: surface.projection, [kind]: file });
  }
}

/** Answers what the file was; null where it could not be read, which is told. */
async function readAndShow(file: GrantedFile, beside: Beside): Promise<ReadLandscape['kind'] | null> {
  const read = await reporting(() => compute.call('readLandscape', sourceOfLandscape({ file, ...beside })).outcome);
  if (read === null) return null;
  if (read.value.kind !== 'landscape') return read.value.kind;
  const shown = landscapeOfFile(read.value.landscape);
  putLandscapeFile({ id: file.reference, file, ...beside, shown }, nameOfSlice(shown.slice));
  announce(openedText(file.name, shown.file, shown.slice.warnings.length));
  return 'landscape';
}

function openedText(name: string, landscape: LandscapeFile, warnings: number): string {
  const notes =
    warnings === 0 ? '' : ` ${warnings === 1 ? 'One remark stands' : `${warnings} remarks stand`} below it.`;
  return `“${name}” is open: a ${shapeName(landscape)} of ${extentText(landscape)} points.${notes}`;
}

const lastPart = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

/** The surface that names the file or whose directions it is named after; else the one on the screen, else the only one. */
function surfaceOf({ name }: GrantedFile): OpenedLandscape | null {
  const surfaces = useLandscapeFiles.getState().files.filter(({ shown }) => shown.file.form === 'loss-landscape');
  const named = surfaces.filter(({ shown }) => {
    const directions = shown.file.notes.dir_file;
    return directions !== undefined && name.startsWith(lastPart(directions));
  });
  const shown = shownFile();
  return (
    named.at(-1) ??
    surfaces.find((surface) => surface.id === shown?.id) ??
    (surfaces.length === 1 ? surfaces[0]! : null)
  );
}

const isWhat = {
  directions: 'a direction file of loss-landscape: the axes of a surface, without any loss',
  projection: 'a projection file of loss-landscape: the path over a surface, without the surface',
} as const;

function tellAlone({ name }: GrantedFile, kind: keyof typeof isWhat): void {
  reportProblem({
    kind: 'badInput',
    found: `${name} is ${isWhat[kind]}.`,
    advice: 'Open the surface file (.h5) that belongs to it first, or both together.',
  });
}

/** Off the screen; the file stays where it is. */
export function closeLandscape(id: string): void {
  const opened = openedLandscape(id);
  if (!opened) return;
  removeLandscapeFile(id);
  announce(`“${opened.file.name}” is closed.`);
}
