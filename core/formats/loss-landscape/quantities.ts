/** A quantity of the surface file of loss-landscape (Li et al., 2018) and its name here. */
export interface ToolQuantity {
  /** Name of the dataset. */
  readonly dataset: string;
  readonly quantity: string;
  /** What the tool writes where it has computed nothing. */
  readonly unfilled: number;
  /** Accuracy in percent there, error as a share of one here. */
  readonly isAccuracy: boolean;
}

const row = (dataset: string, quantity: string, unfilled: number, isAccuracy = false): ToolQuantity => ({
  dataset,
  quantity,
  unfilled,
  isAccuracy,
});

/**
 * The datasets that the tool writes (plot_surface.py: losses and accuracies begin as −1; plot_hessian_eigen.py: max_eig as
 * −1, min_eig as +1) or reads (test_loss, test_acc).
 */
export const toolQuantities: readonly ToolQuantity[] = [
  row('train_loss', 'loss', -1),
  row('train_acc', 'error', -1, true),
  row('test_loss', 'test_loss', -1),
  row('test_acc', 'test_error', -1, true),
  row('max_eig', 'lambda_max', -1),
  row('min_eig', 'lambda_min', 1),
];

/** A slice evaluated on the test set: its loss and error are the tool's test_loss and test_acc. */
export const toolQuantitiesOnTest: readonly ToolQuantity[] = [
  row('test_loss', 'loss', -1),
  row('test_acc', 'error', -1, true),
  ...toolQuantities.filter(({ dataset }) => /_eig$/.test(dataset)),
];

/** Percent correct → share wrong, and back: the same map a → (100 − a)/100, e → 100 (1 − e). */
export const errorOfAccuracy = (percent: number): number => (100 - percent) / 100;
export const accuracyOfError = (error: number): number => 100 * (1 - error);
