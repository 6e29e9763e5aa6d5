/** The few globals of every JavaScript runtime that core may use; neither DOM nor Node types are visible here. */
declare const performance: { now(): number };

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: ArrayBufferView | ArrayBuffer): string;
}
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}

declare function atob(base64: string): string;

interface AbortSignal {
  readonly aborted: boolean;
}

declare namespace WebAssembly {
  function validate(bytes: ArrayBufferView | ArrayBuffer): boolean;
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
    /** Shared memory keeps old views valid when it grows; each growth gives a new buffer object. */
    readonly buffer: ArrayBufferLike;
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: ArrayBufferView | ArrayBuffer);
  }
  class Instance {
    constructor(module: Module, imports?: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
}
