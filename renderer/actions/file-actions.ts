import type { GrantedFile } from '../../core/protocol/bridge.ts';

export async function openExperimentFile(): Promise<void> {}
export async function openRunFolder(): Promise<void> {}
/** A run is shown, an experiment goes into the editor. */
export async function openGranted(_file: GrantedFile): Promise<void> {}
export async function openRecent(_reference: string): Promise<void> {}
export async function openDropped(_files: readonly File[]): Promise<void> {}
export async function saveExperiment(): Promise<void> {}
export async function saveExperimentAs(): Promise<void> {}
/** Into the editor, from a run or one of the bundled experiments. */
export function editExperiment(_yaml: string, _file: GrantedFile | null): void {}
/** Checks the text of the editor on the compute side, a moment after the last change. */
export function checkEditor(): void {}
