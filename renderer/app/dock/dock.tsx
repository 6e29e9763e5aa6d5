import { useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { changeSettings } from '../../state/history.ts';
import { announce, useSession, wantPanel } from '../../state/session.ts';
import { type Settings, useSettings, type WorkspaceId } from '../../state/settings.ts';
import { PanelSlotContext } from '../../widgets/panel-slot.ts';
import { panelOf } from '../panels.ts';
import { useDock } from './dock-state.ts';
import { type Layout, layoutFrom, type PanelId, sameLayout, tidied } from './layout.ts';
import { type Dock as DockView, makeDock } from './make-dock.ts';
import { PanelBoundary } from './panel-boundary.tsx';
import { hostOf } from './panel-hosts.ts';
import { shippedLayout } from './shipped-layouts.ts';
import 'dockview/dist/styles/dockview.css';
import './dock.css';

const saveAfterMs = 400;
const resizeAfterMs = 150;

/** The saved layout of a workspace, or the shipped one; a saved one that cannot be used is said and left unused. */
function layoutOf(workspace: WorkspaceId, { layouts }: Settings, element: HTMLElement): Layout {
  const shipped = shippedLayout(workspace, element.clientWidth, element.clientHeight);
  const stored = layouts[workspace];
  if (stored === null || stored === undefined) return shipped;
  const layout = layoutFrom(stored);
  if (layout === null) announce('The saved layout of this workspace could not be used; the usual one is shown.');
  return layout ?? shipped;
}

/** Keeps the dock and the settings alike: what the user moves is saved, what undo brings back is shown. */
function connect(element: HTMLElement): () => void {
  let shown: { readonly workspace: WorkspaceId; readonly stored: unknown } | null = null;
  let saving: number | undefined;
  let resizing: number | undefined;

  const save = () => {
    window.clearTimeout(saving);
    saving = undefined;
    const layout = dock.layout();
    if (shown === null || layout === null) return;
    const settings = useSettings.getState();
    if (sameLayout(layout, tidied(layoutOf(shown.workspace, settings, element)))) return;
    shown = { ...shown, stored: layout };
    changeSettings('layout', { layouts: { ...settings.layouts, [shown.workspace]: layout } });
  };
  const dock: DockView = makeDock(element, () => {
    window.clearTimeout(saving);
    saving = window.setTimeout(save, saveAfterMs);
  });
  const follow = (settings: Settings) => {
    const { workspace } = settings;
    const stored = settings.layouts[workspace];
    if (shown?.workspace === workspace && shown.stored === stored) return;
    shown = { workspace, stored };
    dock.apply(layoutOf(workspace, settings, element));
  };
  const unsubscribe = useSettings.subscribe((settings, before) => {
    if (saving !== undefined && settings.workspace !== before.workspace) save();
    follow(settings);
  });
  follow(useSettings.getState());
  const bringWanted = () => {
    const { wantedPanel } = useSession.getState();
    if (wantedPanel === null) return;
    wantPanel(null);
    dock.show(wantedPanel);
  };
  const stopBringing = useSession.subscribe(bringWanted);

  // The shipped layouts are in pixels where it matters: a window of another size gets another one.
  let size = [element.clientWidth, element.clientHeight].join();
  const observer = new ResizeObserver(() => {
    window.clearTimeout(resizing);
    resizing = window.setTimeout(() => {
      const now = [element.clientWidth, element.clientHeight].join();
      if (now === size || element.clientWidth === 0) return;
      size = now;
      const settings = useSettings.getState();
      if ((settings.layouts[settings.workspace] ?? null) === null)
        dock.apply(layoutOf(settings.workspace, settings, element));
    }, resizeAfterMs);
  });
  observer.observe(element);
  useDock.setState({ control: dock });
  bringWanted();
  return () => {
    if (saving !== undefined) save();
    window.clearTimeout(resizing);
    observer.disconnect();
    unsubscribe();
    stopBringing();
    useDock.setState({ control: null, placed: [] });
    dock.dispose();
  };
}

/** The panels of the workspace, to be dragged, split, closed and resized. */
export function Dock() {
  const element = useRef<HTMLDivElement>(null);
  const placed = useDock((dock) => dock.placed);
  useEffect(() => (element.current ? connect(element.current) : undefined), []);
  return (
    <>
      <div ref={element} className="dock" />
      {placed.map((id) => (
        <PanelInDock key={id} id={id} />
      ))}
    </>
  );
}

function PanelInDock({ id }: { readonly id: PanelId }) {
  const host = hostOf(id);
  const { component: Panel, title } = panelOf(id);
  return (
    <PanelSlotContext.Provider value={host}>
      {createPortal(
        <PanelBoundary title={title}>
          <Panel />
        </PanelBoundary>,
        host.content,
        id,
      )}
    </PanelSlotContext.Provider>
  );
}
