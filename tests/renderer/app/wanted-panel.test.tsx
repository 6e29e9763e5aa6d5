// @vitest-environment jsdom
import '../browser-gaps.ts';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, expect, test } from 'vitest';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
Object.assign(window, { saddlescope: new Proxy({}, { get: () => async () => null }) });
const { Dock } = await import('../../../renderer/app/dock/dock.tsx');
const { useDock } = await import('../../../renderer/app/dock/dock-state.ts');
const { useSession, wantPanel } = await import('../../../renderer/state/session.ts');

const root = createRoot(document.body.appendChild(document.createElement('div')));
afterEach(() => act(() => root.unmount()));

test('a panel that is wanted before there is a dock comes to the front with it, and later at once', async () => {
  wantPanel('editor');
  await act(async () => root.render(<Dock />));
  expect(useDock.getState().active).toBe('editor');
  expect(useSession.getState().wantedPanel).toBeNull();
  await act(async () => useDock.getState().control?.show('landscape'));
  expect(useDock.getState().active).toBe('landscape');
  await act(async () => wantPanel('editor'));
  expect(useDock.getState().active).toBe('editor');
});
