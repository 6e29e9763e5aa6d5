import path from 'node:path';
import { app, dialog } from 'electron';
import * as v from 'valibot';
import { readArguments } from './arguments.ts';
import { type Instrument, startInstrument } from './instrument.ts';
import { openLog } from './log-file.ts';
import { declarePageScheme } from './page-protocol.ts';

/** What a second start hands to the first: its words mean nothing there, for they start from another folder. */
const handedOver = v.strictObject({ files: v.pipe(v.array(v.string()), v.maxLength(1_000)) });

const given = readArguments(process.argv, process.cwd(), process.defaultApp === true);

app.setName('Saddlescope');
app.setPath('userData', given.userData ?? path.join(app.getPath('appData'), 'Saddlescope'));
// Asked for, Electron takes away the switch without which Chromium does not start for root; windows ask for it themselves.
if (!process.argv.includes('--no-sandbox')) app.enableSandbox();
declarePageScheme();
// Without a graphics card, newer versions of Chromium refuse WebGL in software, because pages of strangers could attack
// it. This window shows only the app's own page, and a landscape is worth having on every machine.
app.commandLine.appendSwitch('enable-unsafe-swiftshader');
// Chromium keeps WebGPU behind this on Linux. No page but ours is ever shown, and only the hidden one asks for it.
if (process.platform === 'linux') app.commandLine.appendSwitch('enable-unsafe-webgpu');

const log = openLog(path.join(app.getPath('userData'), 'logs'));

// A fault in one place must not take the window, and with it everything on the screen.
const logFault = (fault: unknown): void =>
  log.write('error', 'main', fault instanceof Error ? (fault.stack ?? fault.message) : String(fault));
process.on('uncaughtException', logFault);
process.on('unhandledRejection', logFault);

function start(): void {
  const files = [...given.files];
  let instrument: Instrument | null = null;
  const open = (file: string) => (instrument ? instrument.open(file) : files.push(file));
  app.on('open-file', (event, file) => {
    event.preventDefault();
    open(file);
  });
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const words = v.safeParse(handedOver, data);
    if (words.success) words.output.files.forEach(open);
    instrument?.show();
  });
  // Whoever sends a signal waits for nobody's answer.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => (instrument ? instrument.close() : app.exit(0)));
  app
    .whenReady()
    .then(async () => {
      instrument = await startInstrument({ given, files, log });
    })
    .catch((fault) => {
      logFault(fault);
      dialog.showErrorBox('Saddlescope cannot start.', `Install it again. The log tells more: ${log.file}`);
      app.exit(1);
    });
}

if (given.newInstance || app.requestSingleInstanceLock({ files: given.files })) start();
else {
  process.stdout.write('Saddlescope is open already; its window has been brought to the front.\n');
  app.exit(0);
}
