import type { App, WebContents } from 'electron';
import type { Notice } from './log-file.ts';

/** The page stays where it is: whatever leads elsewhere is refused in every window, whoever opened it. */
export function lockNavigation(app: App, notice: Notice): void {
  app.on('web-contents-created', (_event, contents) => lock(contents, notice));
}

function lock(contents: WebContents, notice: Notice): void {
  const refuse = (event: { preventDefault(): void }, url: string) => {
    event.preventDefault();
    notice('navigation', `Navigation to ${url.slice(0, 200)} was refused.`);
  };
  contents.on('will-navigate', (event) => refuse(event, event.url));
  contents.on('will-redirect', (event) => refuse(event, event.url));
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) refuse(event, event.url);
  });
  contents.on('will-attach-webview', (event) => refuse(event, 'a web view'));
  contents.setWindowOpenHandler(({ url }) => {
    notice('window', `A window for ${url.slice(0, 200)} was refused.`);
    return { action: 'deny' };
  });
  contents.on('select-bluetooth-device', (event, _devices, answer) => {
    event.preventDefault();
    answer('');
  });
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}
