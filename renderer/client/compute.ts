import { createComputeClient } from './compute-client.ts';

/** The page's one conversation with the process that computes. */
export const compute = createComputeClient();
