import type { BrowserWindow, MessagePortMain } from 'electron';
import { type Bridge, bridgeChannel } from '../../core/protocol/bridge.ts';

/** Events for the page. While there is none they are lost; what a page must know is told to it when it is loaded. */
export interface PageLink {
  attach(window: BrowserWindow): void;
  send(name: keyof Bridge, value: unknown): void;
  sendPort(port: MessagePortMain): void;
}

export function pageLink(): PageLink {
  let window: BrowserWindow | null = null;
  const contents = () =>
    window === null || window.isDestroyed() || window.webContents.isCrashed() ? null : window.webContents;
  return {
    attach(attached) {
      window = attached;
    },
    send: (name, value) => contents()?.send(bridgeChannel(name), value),
    sendPort: (port) => contents()?.postMessage(bridgeChannel('computePort'), null, [port]),
  };
}
