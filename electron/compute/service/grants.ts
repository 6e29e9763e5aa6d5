import type { FileReference, PointSource } from '../../../core/protocol/methods.ts';
import type { MethodCall } from '../../../core/protocol/validate.ts';

/** The paths behind references. Only the main process grants, so a page reaches nothing that the user has not chosen. */
export interface Grants {
  grant(reference: FileReference, path: string): void;
  /**
   * The paths that a call names, once they are all known. A grant and the call that uses it travel on different roads, so
   * the call may come first and waits a moment; what is then still unknown is left out.
   */
  pathsOf(call: MethodCall): Promise<Readonly<Record<FileReference, string>>>;
}

const patienceMs = 2000;

/** `a1@50` is step 50 of the run a1; `@50` a step of the run itself. */
export const otherRun = (text: unknown): FileReference | null =>
  typeof text === 'string' ? (/^(.+?)(?:@\d+)?$/s.exec(text.startsWith('@') ? '' : text)?.[1] ?? null) : null;

const otherRuns = ({ to, third }: Readonly<Record<string, unknown>>): FileReference[] =>
  [to, third].map(otherRun).filter((reference) => reference !== null);

/** Every reference that a call names. */
export function referencesIn({ method, params }: MethodCall): FileReference[] {
  const ofExperiment = ({ file }: { readonly file: FileReference | null }) => (file === null ? [] : [file]);
  const ofPoint = (source: PointSource) => ('run' in source ? [source.run] : ofExperiment(source.experiment));
  switch (method) {
    case 'readExperiment':
      return [params.file];
    case 'readLandscape':
    case 'landscapeFile':
      return [params.file, params.directions, params.projection].filter((reference) => reference !== null);
    case 'describe':
      return ofExperiment(params.source);
    case 'openRun':
    case 'readOn':
    case 'provenance':
    case 'storedResults':
    case 'report':
    case 'pathOnPlane':
    case 'sliceFile':
      return [params.run];
    case 'train':
      return [
        params.run,
        ...ofExperiment(params.source),
        ...(params.start.kind === 'branch' ? [params.start.from] : []),
      ];
    case 'slice':
      return [...ofPoint(params.source), ...otherRuns(params.parameters)];
    case 'measure':
    case 'readPoint':
    case 'spectrum':
    case 'overlap':
    case 'sampling':
    case 'structure':
    case 'modes':
    case 'saddles':
    case 'escape':
    case 'check':
      return ofPoint(params.source);
    default:
      return [];
  }
}

export function createGrants(): Grants {
  const paths = new Map<FileReference, string>();
  const arrivals = new Set<() => void>();

  function known(references: readonly FileReference[]): Record<FileReference, string> {
    return Object.fromEntries(
      references.flatMap((reference) => {
        const path = paths.get(reference);
        return path === undefined ? [] : [[reference, path]];
      }),
    );
  }

  return {
    grant(reference, path) {
      paths.set(reference, path);
      for (const listener of [...arrivals]) listener();
    },
    async pathsOf(call) {
      const references = referencesIn(call);
      const isKnown = () => references.every((reference) => paths.has(reference));
      if (!isKnown())
        await new Promise<void>((resolve) => {
          const settle = () => {
            clearTimeout(timer);
            arrivals.delete(arrived);
            resolve();
          };
          const arrived = () => isKnown() && settle();
          const timer = setTimeout(settle, patienceMs);
          arrivals.add(arrived);
        });
      return known(references);
    },
  };
}
