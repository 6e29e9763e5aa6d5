/**
 * Thrown before anything was written, when the exact float64 engine for tensor models is asked for in an ordinary
 * process: its tensors need a process in which `Float32Array` is `Float64Array` from the first instruction on.
 */
export class NeedsFloat64Realm extends Error {
  constructor() {
    super('This model in float64 needs a process of its own.');
    this.name = 'NeedsFloat64Realm';
  }
}
