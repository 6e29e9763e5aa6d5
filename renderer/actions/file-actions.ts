import type { GrantedFile } from '../../core/protocol/bridge.ts';

export declare function openExperimentFile(): Promise<void>;
export declare function openRunFolder(): Promise<void>;
/** A run is shown, an experiment goes into the editor. */
export declare function openGranted(file: GrantedFile): Promise<void>;
export declare function openRecent(reference: string): Promise<void>;
export declare function openDropped(files: readonly File[]): Promise<void>;
export declare function saveExperiment(): Promise<void>;
export declare function saveExperimentAs(): Promise<void>;
/** Into the editor, from a run or one of the bundled experiments. */
export declare function editExperiment(yaml: string, file: GrantedFile | null): void;
/** Checks the text of the editor on the compute side, a moment after the last change. */
export declare function checkEditor(): void;
