import { create } from 'zustand';
import type { GrantedFile } from '../../core/protocol/bridge.ts';
import { bridge } from '../client/bridge.ts';

const useBundled = create<{ readonly files: readonly GrantedFile[] }>(() => ({ files: [] }));

/** Experiments that come with the app; empty until main has named them. */
export const bundledExperiments = (): readonly GrantedFile[] => useBundled.getState().files;

export const useBundledExperiments = (): readonly GrantedFile[] => useBundled(({ files }) => files);

export async function loadBundledExperiments(): Promise<void> {
  useBundled.setState({ files: await bridge.bundledExperiments() });
}
