/** What one step adds to the vectors: the rotations of the right side and the last three entries of L⁻¹t. */
export interface TurnedStep {
  readonly iteration: number;
  /** P(k−1, k) of this step and P(k−2, k), which the step before has made. */
  readonly cr1: number;
  readonly sr1: number;
  readonly cr2: number;
  readonly sr2: number;
  readonly u2: number;
  readonly u1: number;
  readonly u: number;
  /** ‖A rₖ₋₁‖/‖rₖ₋₁‖ */
  readonly rootLength: number;
  /** Of what would be solved with this step. */
  readonly condition: number;
  /** ‖xₖ‖ with this step. */
  readonly norm: number;
  /** ‖r‖ with this step, but u = 0. */
  readonly shortResidual: number;
}

export interface StepRotations {
  /** Takes in the column (β, α, β₊) of T. Call `accept` after it, or end. */
  rotate(alpha: number, beta: number, betaNext: number): TurnedStep;
  accept(): void;
  /** The step with u = 0. */
  acceptWithoutLast(): void;
  /** ‖r‖, ‖x‖ and the condition of the last accepted step; the largest lower bound of ‖A‖ seen. */
  residual(): number;
  norm(): number;
  condition(): number;
  operatorNorm(): number;
}

/** (c, s, r) with c a + s b = r ≥ 0 and s a − c b = 0. */
function symmetricOrthogonal(a: number, b: number): { c: number; s: number; r: number } {
  const r = Math.hypot(a, b);
  return r === 0 ? { c: 1, s: 0, r: 0 } : { c: a / r, s: b / r, r };
}

/**
 * The scalars of MINRES-QLP: T = Q R with reflections from the left, R P = L with two more from the right a step, and with
 * L u = t the length of x. The names are those of the paper (γ, δ, ε, η, ϑ = `vepln`, τ, φ): `x1` after a name is one step
 * back.
 */
export function stepRotations(length: number): StepRotations {
  let iteration = 0;
  let [cs, sn, dbar, eplnNext] = [-1, 0, 0, 0];
  let [cr1, sr1, cr2, sr2] = [-1, 0, -1, 0];
  let [gama, gama1, gama2] = [0, 0, 0];
  let [eta, eta1, eta2] = [0, 0, 0];
  let [vepln, vepln1, vepln2] = [0, 0, 0];
  let [tau, tau1, tau2] = [0, 0, 0];
  let [u2, u3] = [0, 0];
  let scale = 0;
  let [gmin, gmin1] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let accepted = { phi: length, norm: 0, condition: 1, farNorm: 0, shortNorm: 0, shortResidual: length };
  let tried = accepted;
  return {
    rotate(alpha, beta, betaNext) {
      iteration++;
      // Left: the reflection of the step before on this column, then the new one.
      let delta = cs * dbar + sn * alpha;
      const gbar = sn * dbar - cs * alpha;
      const dbarNext = -cs * betaNext;
      const rootLength = Math.hypot(gbar, dbarNext);
      eplnNext = sn * betaNext;
      dbar = dbarNext;
      [gama2, gama1] = [gama1, gama];
      ({ c: cs, s: sn, r: gama } = symmetricOrthogonal(gbar, betaNext));
      [tau2, tau1, tau] = [tau1, tau, cs * accepted.phi];
      const phi = sn * accepted.phi;
      if (iteration > 2) {
        [vepln2, eta2, eta1] = [vepln1, eta1, eta];
        const mixed = sr2 * vepln - cr2 * delta;
        vepln1 = cr2 * vepln + sr2 * delta;
        delta = mixed;
        eta = sr2 * gama;
        gama = -cr2 * gama;
      }
      if (iteration > 1) {
        ({ c: cr1, s: sr1, r: gama1 } = symmetricOrthogonal(gama1, delta));
        vepln = sr1 * gama;
        gama = -cr1 * gama;
      }
      // L u = t by forward substitution; the last two entries still change with later rotations.
      const u4 = u3;
      u3 = u2;
      u2 = iteration > 2 ? (tau2 - eta2 * u4 - vepln2 * u3) / gama2 : 0;
      const u1 = iteration > 1 ? (tau1 - eta1 * u3 - vepln1 * u2) / gama1 : 0;
      const rest = tau - eta * u2 - vepln * u1;
      const u = rest / gama;
      const shortResidual = Math.hypot(phi, rest);
      const farNorm = Math.hypot(accepted.farNorm, u2);
      const norm = Math.hypot(farNorm, u1, u);
      const grown = symmetricOrthogonal(gama1, eplnNext);
      scale = Math.max(scale, Math.hypot(beta, alpha, betaNext), grown.r, Math.abs(gama));
      const least = Math.min(gmin1, iteration > 1 ? grown.r : Number.POSITIVE_INFINITY, Math.abs(gama));
      [gmin1, gmin] = [gmin, least];
      tried = { phi, norm, condition: scale / least, farNorm, shortNorm: Math.hypot(farNorm, u1), shortResidual };
      gama1 = grown.r;
      const made = {
        iteration,
        cr1,
        sr1,
        cr2,
        sr2,
        u2,
        u1,
        u,
        rootLength,
        condition: tried.condition,
        norm,
        shortResidual,
      };
      ({ c: cr2, s: sr2 } = grown);
      return made;
    },
    accept() {
      accepted = tried;
    },
    acceptWithoutLast() {
      accepted = { ...accepted, phi: tried.shortResidual, norm: tried.shortNorm };
    },
    residual: () => Math.abs(accepted.phi),
    norm: () => accepted.norm,
    condition: () => accepted.condition,
    operatorNorm: () => scale,
  };
}
