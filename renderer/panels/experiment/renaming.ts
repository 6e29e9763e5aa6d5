import { create } from 'zustand';

/** The run whose title is being written. */
export const useRenaming = create<{ readonly run: string | null }>(() => ({ run: null }));
