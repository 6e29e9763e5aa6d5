/** `npm start`: prepares the checkout, then runs the start-up experiment in the terminal. */
import { runBundle } from './run-bundle.mjs';

await runBundle(['first-light', ...process.argv.slice(2).filter((word) => word !== '--headless')]);
