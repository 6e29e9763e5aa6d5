import { create } from 'zustand';

/** Experiments that runs of the screen are to be started anew or branched with, by the run that they were changed from. */
export const useDrafts = create<{ readonly drafts: Readonly<Record<string, string>> }>(() => ({ drafts: {} }));

/** Answers what was there before. */
export function putDraft(run: string, yaml: string | null): string | null {
  const { drafts } = useDrafts.getState();
  const { [run]: before = null, ...others } = drafts;
  useDrafts.setState({ drafts: yaml === null ? others : { ...others, [run]: yaml } });
  return before;
}
