import * as v from 'valibot';

/** What main says to the process that computes; a `port` message carries the page's port. */
export type MainToCompute =
  | { readonly kind: 'grant'; readonly reference: string; readonly path: string }
  | { readonly kind: 'port' }
  /** The port of the window that computes on the GPU comes along, or there is none. */
  | { readonly kind: 'gpu'; readonly ask: number; readonly refused: string | null }
  /** The app closes: what is under way is written down, then the process ends. */
  | { readonly kind: 'end' };

/** What it says to main. It reads files from anywhere, so that its word is checked like the page's. */
const computeToMain = v.variant('kind', [
  v.object({ kind: v.literal('ready') }),
  v.object({ kind: v.literal('gpu'), ask: v.number(), forced: v.boolean() }),
  v.object({ kind: v.literal('heartbeat'), busy: v.boolean() }),
  v.object({
    kind: v.literal('log'),
    level: v.picklist(['info', 'error']),
    text: v.pipe(v.string(), v.maxLength(100_000)),
  }),
]);

export type ComputeToMain = v.InferOutput<typeof computeToMain>;

export function readComputeMessage(message: unknown): ComputeToMain | null {
  const read = v.safeParse(computeToMain, message);
  return read.success ? read.output : null;
}
