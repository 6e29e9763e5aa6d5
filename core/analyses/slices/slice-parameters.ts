/** The parameters of the analysis, as `readParameters` leaves them. */
export interface SliceParameters {
  /** What spans the slice; at most one of the three is given. */
  readonly line: string | null;
  readonly plane: string | null;
  readonly volume: string | null;
  readonly to: string | null;
  readonly third: string | null;
  readonly file: string | null;
  readonly grid: string | null;
  readonly extent: string | null;
  readonly rise: number;
  readonly adaptive: number | null;
  readonly normalization: 'own' | 'filter' | 'layer' | 'tensor' | 'global' | 'none';
  readonly biases: 'zero' | 'keep' | 'scale';
  readonly gains: 'zero' | 'keep' | 'scale';
  readonly removeScales: boolean;
  readonly quantity: string;
  readonly on: 'train' | 'test';
  readonly examples: number | null;
  readonly uncertainty: boolean;
  readonly statistics: 'experiment' | 'frozen' | 'recalibrated' | 'batch';
  readonly topology: boolean;
}
