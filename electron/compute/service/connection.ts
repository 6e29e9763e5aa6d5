import type { Failure, ToCompute } from '../../../core/protocol/messages.ts';
import { createSender, type Reply, type Sender } from '../../../core/protocol/sender.ts';
import { type MethodCall, readMethodCall, readToCompute } from '../../../core/protocol/validate.ts';
import type { Grants } from './grants.ts';
import type { JobHandle, Jobs, ThreadCall } from './jobs.ts';
import { cancelledFailure } from './method.ts';
import type { Port } from './port.ts';

export interface ConnectionOptions {
  readonly port: Port;
  readonly grants: Grants;
  readonly jobs: Jobs;
  /** Answers `hello`. */
  readonly hello: () => unknown;
  log(level: 'info' | 'error', text: string): void;
  onClose(): void;
}

/** A request that was accepted and not yet answered. */
interface Open {
  handle: JobHandle | null;
  cancelled: boolean;
  /** What was said before there was a thread to say it to. */
  readonly early: Parameters<JobHandle['steer']>[0][];
  /** Pictures that wait to be sent: a newer one takes their place. */
  pictures: number;
}

/** More at once is no work of a person. */
const mostOpen = 1000;
/** Between two lines of the log about messages that are none. */
const logEveryMs = 1000;

const nothingSpent = { products: 0, gradients: 0, losses: 0, seconds: 0 };

/** One side that asks: reads what it says, hands requests on, and sends what is answered as fast as it is taken. */
export function connect({ port, grants, jobs, hello, log, onClose }: ConnectionOptions): { close(): void } {
  const open = new Map<number, Open>();
  const sender: Sender = createSender((message) => port.post(message));
  let logged = Number.NEGATIVE_INFINITY;
  let closed = false;

  function complain(text: string): void {
    if (performance.now() - logged < logEveryMs) return;
    logged = performance.now();
    log('error', text);
  }

  function send(id: number, reply: Reply): Promise<void> {
    return sender.send(id, reply).catch((problem: Error) => {
      log('error', problem.stack ?? problem.message);
      const found = `The answer cannot be sent: ${problem.message}`;
      return sender.send(id, {
        kind: 'failure',
        failure: { kind: 'failed', found, advice: 'This is a fault of the program: report it with the log.' },
      });
    });
  }

  const fail = (id: number, failure: Failure) => send(id, { kind: 'failure', failure });

  function answer(id: number, method: MethodCall['method'], reply: Reply): void {
    const request = open.get(id);
    if (request === undefined || closed) return;
    if (reply.kind === 'result' || reply.kind === 'failure') {
      open.delete(id);
      if (method === 'slice') sender.drop(id);
      void send(id, reply);
    } else if (reply.kind === 'partial' && method === 'slice') {
      if (request.pictures > 0) sender.drop(id);
      request.pictures++;
      void send(id, reply).then(() => {
        request.pictures--;
      });
    } else void send(id, reply);
  }

  async function begin(id: number, call: ThreadCall, request: Open): Promise<void> {
    const paths = await grants.pathsOf(call);
    if (closed || request.cancelled) return;
    request.handle = jobs.submit(call, paths, (reply) => answer(id, call.method, reply));
    for (const command of request.early.splice(0)) request.handle.steer(command);
  }

  function ask(message: Extract<ToCompute, { kind: 'request' }>): void {
    const { id } = message;
    if (open.has(id)) {
      complain(`The number ${id} was used for a second request.`);
      return;
    }
    const read = readMethodCall(message);
    if ('failure' in read) {
      void fail(id, read.failure);
      return;
    }
    if (open.size >= mostOpen) {
      const found = `${open.size} requests are under way already.`;
      void fail(id, { kind: 'badInput', found, advice: 'Wait for some of them, or cancel them.' });
      return;
    }
    void send(id, { kind: 'accepted' });
    const call = read.value;
    if (call.method === 'hello') {
      void send(id, { kind: 'result', outcome: { value: hello(), status: 'converged', stats: nothingSpent } });
      return;
    }
    const request: Open = { handle: null, cancelled: false, early: [], pictures: 0 };
    open.set(id, request);
    void begin(id, call, request);
  }

  function cancel(id: number): void {
    const request = open.get(id);
    if (request === undefined) return;
    request.cancelled = true;
    if (request.handle !== null) request.handle.cancel();
    else {
      open.delete(id);
      void fail(id, cancelledFailure);
    }
  }

  function take(given: unknown): void {
    const read = readToCompute(given);
    if ('failure' in read) {
      complain(read.failure.found);
      // A failure would end a request that goes on.
      if (read.id !== null && !open.has(read.id)) void fail(read.id, read.failure);
      return;
    }
    const message = read.value;
    const request = open.get(message.id);
    switch (message.kind) {
      case 'request':
        ask(message);
        return;
      case 'cancel':
        cancel(message.id);
        return;
      case 'steer':
        if (request?.handle) request.handle.steer(message.command);
        else request?.early.push(message.command);
        return;
      case 'received':
        sender.received(message.chunk);
    }
  }

  function end(): void {
    if (closed) return;
    closed = true;
    sender.close();
    // Runs stop with their state kept: whoever connects next resumes them.
    for (const { handle } of open.values()) handle?.cancel();
    open.clear();
    onClose();
  }

  port.listen(take, end);
  return {
    close() {
      end();
      port.close();
    },
  };
}
