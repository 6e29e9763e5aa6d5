/** What every part of the form needs: the settings as they stand in the text, and how the text is changed. */
export interface TextForm {
  /** Unchecked, straight from the text. */
  readonly values: Readonly<Record<string, unknown>>;
  /** `label` is what the menu offers to undo. */
  edit(label: string, change: (text: string) => string): void;
  /** The text cannot be read: the form shows what it was. */
  readonly isDisabled: boolean;
}
