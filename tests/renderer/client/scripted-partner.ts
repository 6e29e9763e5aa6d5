import type { ToCompute } from '../../../core/protocol/messages.ts';
import { createSender, type Reply } from '../../../core/protocol/sender.ts';
import { readToCompute } from '../../../core/protocol/validate.ts';

/** The other side of a channel, speaking the real protocol, told by the test what to say. */
export function scriptedPartner(port: MessagePort, windowBytes?: number) {
  const heard: ToCompute[] = [];
  const arrivals = new Set<() => void>();
  const sender = createSender((message) => port.postMessage(message), windowBytes);
  port.onmessage = ({ data }) => {
    const read = readToCompute(data);
    if ('failure' in read) throw new Error(`The page said: ${read.failure.found}`);
    heard.push(read.value);
    if (read.value.kind === 'received') sender.received(read.value.chunk);
    for (const look of arrivals) look();
  };

  /** Settles once the page has said something that fits. */
  function hears<K extends ToCompute['kind']>(
    kind: K,
    fits: (message: Extract<ToCompute, { kind: K }>) => boolean = () => true,
  ) {
    return new Promise<Extract<ToCompute, { kind: K }>>((resolve) => {
      const look = () => {
        const found = heard.find((message) => message.kind === kind && fits(message as never));
        if (!found) return;
        arrivals.delete(look);
        resolve(found as Extract<ToCompute, { kind: K }>);
      };
      arrivals.add(look);
      look();
    });
  }

  return {
    heard,
    hears,
    sender,
    say: (id: number, reply: Reply) => sender.send(id, reply),
    /** As it is, whatever it is. */
    post: (message: unknown) => port.postMessage(message),
    close: () => port.close(),
  };
}

export type Partner = ReturnType<typeof scriptedPartner>;

/** Settles after everything that is under way on the channels of this process has arrived. */
export async function allArrived(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    const { port1, port2 } = new MessageChannel();
    await new Promise<void>((resolve) => {
      port2.onmessage = () => resolve();
      port1.postMessage(null);
    });
    port1.close();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
