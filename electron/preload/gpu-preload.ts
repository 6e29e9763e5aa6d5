import { ipcRenderer } from 'electron';

/** The window that this runs in, as far as it is used here. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: unknown, targetOrigin: string, transfer: readonly unknown[]): void;
};

// All that the page which computes on the GPU is given: ports to those who ask it.
ipcRenderer.on('gpu-port', ({ ports }) => {
  window.postMessage('port', window.location.origin, ports);
});
