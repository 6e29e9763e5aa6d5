/**
 * Something that the user gave is not usable: a file, a setting, a shape. `found` is one sentence on what was found,
 * `advice` one sentence on what to do; programs end with exit code 2.
 */
export class BadInput extends Error {
  readonly found: string;
  readonly advice: string;

  constructor(found: string, advice: string) {
    super(`${found} ${advice}`);
    this.name = 'BadInput';
    this.found = found;
    this.advice = advice;
  }
}
