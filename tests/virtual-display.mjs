/** A display for tests: the one that is there, else Xvfb on a number that is free. */
import { spawn } from 'node:child_process';

/** `{ name, close }`; null where there is neither. Xvfb picks the number itself and says it once it can be used. */
export async function virtualDisplay() {
  // Wayland places windows as it likes; and a screen of somebody's is no place for tests to type into.
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise((resolve) => {
    let text = '';
    server.on('error', () => resolve(null));
    server.on('exit', () => resolve(null));
    server.stdio[3]?.on('data', (chunk) => {
      text += chunk;
      if (text.endsWith('\n')) resolve(text.trim());
    });
  });
  if (number !== null) return { name: `:${number}`, close: () => server.kill() };
  const { DISPLAY } = process.env;
  return DISPLAY ? { name: DISPLAY, close: () => {} } : null;
}
