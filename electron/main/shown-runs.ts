import type { GrantedFile } from '../../core/protocol/bridge.ts';
import { kindOfFile } from './given-file.ts';

const most = 12;

/** The runs and landscapes that the page was given last, for a page that takes the place of one that ended. */
export interface ShownRuns {
  add(file: GrantedFile): void;
  /** Those that are there by now, in the order in which they were given. */
  there(): Promise<readonly GrantedFile[]>;
}

export function shownRuns(): ShownRuns {
  const files = new Map<string, GrantedFile>();
  return {
    add(file) {
      if (file.kind === 'experiment') return;
      files.delete(file.reference);
      files.set(file.reference, file);
      const [oldest] = files.keys();
      if (files.size > most && oldest !== undefined) files.delete(oldest);
    },
    async there() {
      const given = [...files.values()];
      const kinds = await Promise.all(given.map(({ shown }) => kindOfFile(shown).catch(() => null)));
      return given.filter(({ kind }, at) => kinds[at] === kind);
    },
  };
}
