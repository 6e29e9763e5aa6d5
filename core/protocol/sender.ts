import { type Piece, piecesOf, splitArrays } from './chunking.ts';
import { type Failure, type FromCompute, type Outcome, type Progress, protocolVersion } from './messages.ts';
import type { TypedArray } from './plain-values.ts';

/** Bytes that may be under way to a side that has not yet taken them. */
export const sendWindowBytes = 64 << 20;

/** What the side that computes says of a request. */
export type Reply =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'partial'; readonly value: unknown }
  | { readonly kind: 'result'; readonly outcome: Outcome<unknown> }
  | { readonly kind: 'failure'; readonly failure: Failure };

export interface Sender {
  /**
   * Posts a reply, its large arrays in pieces before it. `accepted` and `progress` go at once; the others in their order,
   * as fast as the other side takes them. Settles once it is posted, dropped, or the connection is closed: whoever makes
   * many partial values waits for one before making the next. Rejects with Unsendable, and then nothing is posted.
   */
  send(id: number, reply: Reply): Promise<void>;
  /** The other side has taken a chunk. */
  received(chunk: number): void;
  /** Forgets the partial values of a request of which nothing is posted yet. */
  drop(id: number): void;
  close(): void;
  /** Bytes under way. */
  readonly underWay: number;
}

/** A message without its number. */
type Outgoing =
  | { readonly kind: 'piece'; readonly piece: Piece }
  | { readonly kind: 'partial'; readonly value: unknown; readonly bytes: number }
  | { readonly kind: 'last'; readonly message: FromCompute };

interface Waiting {
  readonly id: number;
  readonly partial: boolean;
  readonly rest: Iterator<Outgoing>;
  next: Outgoing | null;
  begun: boolean;
  settle(): void;
}

export function createSender(post: (message: FromCompute) => void, windowBytes = sendWindowBytes): Sender {
  const sizes = new Map<number, number>();
  let queue: Waiting[] = [];
  let underWay = 0;
  let lastChunk = 0;
  let closed = false;

  function postNext(id: number, outgoing: Outgoing): void {
    const v = protocolVersion;
    if (outgoing.kind === 'last') {
      post(outgoing.message);
      return;
    }
    const chunk = ++lastChunk;
    sizes.set(chunk, sizeOf(outgoing));
    underWay += sizeOf(outgoing);
    if (outgoing.kind === 'piece') post({ v, id, kind: 'piece', chunk, ...outgoing.piece });
    else post({ v, id, kind: 'partial', chunk, value: outgoing.value });
  }

  function pump(): void {
    for (let job = queue[0]; job !== undefined && !closed; job = queue[0]) {
      const step = job.next === null ? job.rest.next() : null;
      if (step?.done) {
        queue.shift();
        job.settle();
        continue;
      }
      const outgoing: Outgoing = job.next ?? step!.value;
      job.next = outgoing;
      // One message larger than the window goes alone.
      if (underWay > 0 && underWay + sizeOf(outgoing) > windowBytes) return;
      job.next = null;
      job.begun = true;
      postNext(job.id, outgoing);
    }
  }

  return {
    async send(id, reply) {
      if (closed) return;
      if (reply.kind === 'accepted' || reply.kind === 'progress') {
        post({ v: protocolVersion, id, ...reply });
        return;
      }
      const rest = outgoingOf(id, reply);
      await new Promise<void>((settle) => {
        queue.push({ id, partial: reply.kind === 'partial', rest, next: null, begun: false, settle });
        pump();
      });
    },
    received(chunk) {
      underWay -= sizes.get(chunk) ?? 0;
      sizes.delete(chunk);
      pump();
    },
    drop(id) {
      const dropped = queue.filter((job) => job.id === id && job.partial && !job.begun);
      queue = queue.filter((job) => !dropped.includes(job));
      for (const job of dropped) job.settle();
      pump();
    },
    close() {
      closed = true;
      for (const job of queue) job.settle();
      queue = [];
      sizes.clear();
      underWay = 0;
    },
    get underWay() {
      return underWay;
    },
  };
}

const sizeOf = (outgoing: Outgoing): number =>
  outgoing.kind === 'piece' ? outgoing.piece.bytes.byteLength : outgoing.kind === 'partial' ? outgoing.bytes : 0;

/** What is refused is refused here, before anything is queued; pieces are copied when their turn comes. */
function outgoingOf(id: number, reply: Exclude<Reply, { kind: 'accepted' | 'progress' }>): Iterator<Outgoing> {
  const v = protocolVersion;
  if (reply.kind === 'failure') return piecesThen([], { kind: 'last', message: { v, id, ...reply } });
  const { value, arrays, bytes } = splitArrays(reply.kind === 'partial' ? reply.value : reply.outcome);
  if (reply.kind === 'partial') return piecesThen(arrays, { kind: 'partial', value, bytes });
  const message: FromCompute = { v, id, kind: 'result', outcome: value as Outcome<unknown> };
  return piecesThen(arrays, { kind: 'last', message });
}

function* piecesThen(arrays: readonly TypedArray[], last: Outgoing): Generator<Outgoing> {
  for (const piece of piecesOf(arrays)) yield { kind: 'piece', piece };
  yield last;
}
