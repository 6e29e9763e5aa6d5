/**
 * An engine does not work here. `stage`: its addon could not be loaded (another one may), or its library does not load,
 * crashes or computes something else. The message is half a sentence.
 */
export class EngineFault extends Error {
  readonly stage: 'addon' | 'library';

  constructor(stage: 'addon' | 'library', message: string) {
    super(message.split('\n')[0]?.replace(/\.$/, '') ?? '');
    this.name = 'EngineFault';
    this.stage = stage;
  }
}
