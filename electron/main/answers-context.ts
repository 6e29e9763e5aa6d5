import type { BrowserWindow } from 'electron';
import type { Information } from './app-information.ts';
import type { Closing } from './closing.ts';
import type { ComputeProcess } from './compute-process.ts';
import type { EngineProcess } from './engine-process.ts';
import type { FileTable } from './file-table.ts';
import type { LogFile } from './log-file.ts';
import type { PageLink } from './page-link.ts';
import type { ShownRuns } from './shown-runs.ts';
import type { StoredFiles } from './stored-files.ts';

/** What main has at hand when the page asks for something. */
export interface AnswersContext {
  readonly window: BrowserWindow;
  readonly closing: Closing;
  readonly compute: ComputeProcess;
  readonly engines: EngineProcess;
  readonly link: PageLink;
  readonly table: FileTable;
  readonly stored: StoredFiles;
  readonly log: LogFile;
  readonly assets: string;
  readonly runs: string;
  readonly information: Information;
  readonly shown: ShownRuns;
}
