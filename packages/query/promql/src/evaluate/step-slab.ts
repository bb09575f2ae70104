import type { NumberSteps } from '../functions/definition.ts';

/** Steps that one piece of memory should hold at least. */
const stepsPerPiece = 16_384;

/**
 * Gives each series its steps out of larger pieces of memory. Two arrays of their own for each of 10,000 series cost more
 * to allocate and to collect than to fill.
 */
export class StepSlab {
  readonly #stepCount: number;
  readonly #pieceSize: number;
  #values: Float64Array = new Float64Array();
  #present: Uint8Array = new Uint8Array();
  #used = 0;

  constructor(stepCount: number) {
    this.#stepCount = stepCount;
    this.#pieceSize = Math.max(1, Math.ceil(stepsPerPiece / Math.max(1, stepCount))) * stepCount;
  }

  /** Steps that are all absent. */
  take(): NumberSteps {
    const end = this.#used + this.#stepCount;
    if (end > this.#values.length) return this.#takeOfNew();
    const steps = {
      values: this.#values.subarray(this.#used, end),
      present: this.#present.subarray(this.#used, end),
    };
    this.#used = end;
    return steps;
  }

  /** Gives back the steps that were taken last; they must be all absent still. */
  giveBack(): void {
    this.#used -= this.#stepCount;
  }

  #takeOfNew(): NumberSteps {
    this.#values = new Float64Array(this.#pieceSize);
    this.#present = new Uint8Array(this.#pieceSize);
    this.#used = 0;
    return this.take();
  }
}

/** Steps in the same memory each time, for who is done with them before the next are taken. */
export function oneAtATime(stepCount: number): Pick<StepSlab, 'take' | 'giveBack'> {
  const steps = { values: new Float64Array(stepCount), present: new Uint8Array(stepCount) };
  return {
    take: () => {
      steps.present.fill(0);
      return steps;
    },
    giveBack: () => undefined,
  };
}
