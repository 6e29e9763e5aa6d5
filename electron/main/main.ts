import path from 'node:path';
import { app, BrowserWindow } from 'electron';

app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1600,
    height: 1000,
    webPreferences: { preload: path.join(__dirname, '..', 'preload', 'preload.cjs'), sandbox: true },
  });
  void window.loadFile(path.join(__dirname, '..', 'page', 'index.html'));
});
