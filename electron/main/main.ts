import path from 'node:path';
import { app } from 'electron';
import * as v from 'valibot';
import { readArguments } from './arguments.ts';
import { startInstrument } from './instrument.ts';
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

const log = openLog(path.join(app.getPath('userData'), 'logs'));

// A fault in one place must not take the window, and with it everything on the screen.
process.on('uncaughtException', (fault) => log.write('error', 'main', fault.stack ?? fault.message));
process.on('unhandledRejection', (fault) =>
  log.write('error', 'main', fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)),
);

if (!given.newInstance && !app.requestSingleInstanceLock({ files: given.files })) app.exit(0);
else {
  const files = [...given.files];
  let open = (file: string): void => void files.push(file);
  app.on('open-file', (event, file) => {
    event.preventDefault();
    open(file);
  });
  let show = (): void => {};
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const words = v.safeParse(handedOver, data);
    if (words.success) for (const file of words.output.files) open(file);
    show();
  });
  app.whenReady().then(async () => {
    const instrument = await startInstrument({ given, files, log });
    ({ open, show } = instrument);
  });
}
