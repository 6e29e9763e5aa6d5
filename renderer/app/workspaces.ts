import { useSettings, type WorkspaceId } from '../state/settings.ts';

export const workspaces: readonly { readonly id: WorkspaceId; readonly title: string }[] = [
  { id: 'train', title: 'Train' },
  { id: 'spectrum', title: 'Spectrum' },
  { id: 'landscape', title: 'Landscape' },
  { id: 'saddles', title: 'Saddles' },
  { id: 'lessons', title: 'Lessons' },
];

/** Going somewhere is no change of anything: it is not undone. */
export const goTo = (workspace: WorkspaceId): void => useSettings.setState({ workspace });
