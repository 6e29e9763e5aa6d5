import { bridge } from '../../client/bridge.ts';
import { changeSettings } from '../../state/history.ts';
import { closeDialog, openDialog, useSession } from '../../state/session.ts';
import { type Settings, type ThemeChoice, useSettings } from '../../state/settings.ts';
import type { Command } from '../command.ts';
import { dockControl, useDock } from '../dock/dock-state.ts';
import { panels } from '../panels.ts';
import { goTo, workspaces } from '../workspaces.ts';

const themes: readonly (readonly [ThemeChoice, string])[] = [
  ['system', 'As the system'],
  ['dark', 'Dark'],
  ['light', 'Light'],
  ['contrast', 'High contrast'],
];

const motions: readonly (readonly [Settings['motion'], string])[] = [
  ['system', 'Motion as the system'],
  ['reduced', 'Reduced motion'],
  ['full', 'Full motion'],
];

const hasPanels = (): boolean | string =>
  dockControl() !== null || 'There are no panels yet: open a run or an experiment first.';

const workspaceCommands = workspaces.map(
  ({ id, title }, i): Command => ({
    id: `view.workspace.${id}`,
    title: `${title} workspace`,
    menu: 'View',
    section: 1,
    keys: `$mod+${i + 1}`,
    checked: () => useSettings.getState().workspace === id,
    run: () => goTo(id),
  }),
);

const panelCommands = panels.map(
  ({ id, title }): Command => ({
    id: `view.panel.${id}`,
    title: `${title} panel`,
    menu: 'View',
    section: 2,
    submenu: 'Panels',
    keys: null,
    available: hasPanels,
    checked: () => useDock.getState().placed.includes(id),
    run: () => dockControl()?.show(id),
  }),
);

const themeCommands = themes.map(
  ([theme, title]): Command => ({
    id: `view.theme.${theme}`,
    title: `${title} theme`.replace('As the system theme', 'Theme as the system'),
    menu: 'View',
    section: 4,
    submenu: 'Theme',
    keys: null,
    checked: () => useSettings.getState().theme === theme,
    run: () => changeSettings('theme', { theme }),
  }),
);

const motionCommands = motions.map(
  ([motion, title]): Command => ({
    id: `view.motion.${motion}`,
    title,
    menu: 'View',
    section: 4,
    submenu: 'Motion',
    keys: null,
    checked: () => useSettings.getState().motion === motion,
    run: () => changeSettings('motion', { motion }),
  }),
);

const activePanel = (): boolean | string => useDock.getState().active !== null || 'No panel has the focus.';

/** The layout of the workspace that is shown, as we ship it. */
export function resetLayout(): void {
  const { layouts, workspace } = useSettings.getState();
  changeSettings('layout', { layouts: { ...layouts, [workspace]: null } });
}

const hasOwnLayout = (): boolean | string => {
  const { layouts, workspace } = useSettings.getState();
  return (layouts[workspace] ?? null) !== null || 'The layout is the usual one.';
};

export const viewCommands: readonly Command[] = [
  {
    id: 'view.palette',
    title: 'Search commands and settings…',
    menu: 'View',
    section: 0,
    keys: '$mod+k',
    run: () => (useSession.getState().dialog?.name === 'palette' ? closeDialog() : openDialog('palette')),
  },
  ...workspaceCommands,
  ...panelCommands,
  {
    id: 'view.nextPanel',
    title: 'Next panel',
    menu: 'View',
    section: 2,
    keys: 'F6',
    available: hasPanels,
    run: () => dockControl()?.focusNext(1),
  },
  {
    id: 'view.previousPanel',
    title: 'Previous panel',
    menu: 'View',
    section: 2,
    keys: 'Shift+F6',
    available: hasPanels,
    run: () => dockControl()?.focusNext(-1),
  },
  {
    id: 'view.maximisePanel',
    title: 'Maximise panel or restore it',
    menu: 'View',
    section: 2,
    keys: '$mod+Shift+Enter',
    available: activePanel,
    run: () => {
      const { active, control } = useDock.getState();
      if (active !== null) control?.toggleMaximised(active);
    },
  },
  {
    id: 'view.closePanel',
    title: 'Close panel',
    menu: 'View',
    section: 2,
    keys: '$mod+Shift+w',
    available: () => {
      const { placed } = useDock.getState();
      return placed.length === 1 ? 'The last panel stays.' : activePanel();
    },
    run: () => {
      const { active, control } = useDock.getState();
      if (active !== null) control?.close(active);
    },
  },
  {
    id: 'view.resetLayout',
    title: 'Reset layout',
    menu: 'View',
    section: 3,
    keys: null,
    available: hasOwnLayout,
    run: resetLayout,
  },
  ...themeCommands,
  ...motionCommands,
  {
    id: 'view.settings',
    title: 'Settings…',
    menu: 'View',
    section: 5,
    keys: '$mod+,',
    run: () => openDialog('settings'),
  },
  {
    id: 'view.fullScreen',
    title: 'Full screen',
    menu: 'View',
    section: 5,
    keys: 'F11',
    run: () => bridge.toggleFullScreen(),
  },
];
