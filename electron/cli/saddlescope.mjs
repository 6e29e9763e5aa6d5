#!/usr/bin/env node
/** The command `saddlescope` in a checkout: prepares what is missing, then runs the bundle. */
import { runBundle } from '../build/run-bundle.mjs';

await runBundle(process.argv.slice(2));
