/** What every part of the form needs: the settings as they stand in the text, and how the text is changed. */
export interface TextForm {
  /** Unchecked, straight from the text. */
  readonly values: Readonly<Record<string, unknown>>;
  /**
   * `label` is what the menu offers to undo. The change is given the text as it is then, and its settings. The function
   * itself stays the same as long as the form.
   */
  readonly edit: (label: string, change: TextChange) => void;
  /** The text cannot be read: the form shows what it was. */
  readonly isDisabled: boolean;
}

export type TextChange = (text: string, values: Readonly<Record<string, unknown>>) => string;
