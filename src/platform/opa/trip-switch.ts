/** What the switch says about one more evaluation. */
export type Admission = 'evaluate' | 'probe' | 'refuse';

export interface TripSwitchOptions {
  /** So many timeouts … */
  readonly timeouts: number;
  /** … within so many milliseconds trip the switch. */
  readonly withinMs: number;
  /** Milliseconds from one probe to the next while tripped. */
  readonly probeEveryMs: number;
}

/** 3 timeouts within 10 s; then one probe a second. */
export const TRIP_SWITCH_DEFAULTS: TripSwitchOptions = { timeouts: 3, withinMs: 10_000, probeEveryMs: 1_000 };

/**
 * Keeps a bundle that times out from eating the time of everybody else: after some timeouts in short order it refuses all
 * evaluations but a probe now and then, and the first probe that succeeds ends that.
 */
export class TripSwitch {
  #timeouts: number[] = [];
  #nextProbeAt: number | null = null;

  /**
   * @param clock milliseconds, monotonic
   * @param onChange told when it trips and when it recovers
   * @param options limits, {@link TRIP_SWITCH_DEFAULTS} unless told
   */
  constructor(
    private readonly clock: () => number,
    private readonly onChange: (tripped: boolean) => void = () => undefined,
    private readonly options: TripSwitchOptions = TRIP_SWITCH_DEFAULTS,
  ) {}

  get tripped(): boolean {
    return this.#nextProbeAt !== null;
  }

  /** Asks for one evaluation. Who is told `probe` must evaluate and report. */
  admit(): Admission {
    if (this.#nextProbeAt === null) return 'evaluate';
    const now = this.clock();
    if (now < this.#nextProbeAt) return 'refuse';
    this.#nextProbeAt = now + this.options.probeEveryMs;
    return 'probe';
  }

  /** Reports an input that, alone, got no answer in time. */
  timedOut(): void {
    const now = this.clock();
    this.#timeouts = [...this.#timeouts.filter((at) => now - at < this.options.withinMs), now];
    const wasTripped = this.tripped;
    if (!wasTripped && this.#timeouts.length < this.options.timeouts) return;
    this.#nextProbeAt = now + this.options.probeEveryMs;
    if (!wasTripped) this.onChange(true);
  }

  /** Reports a decision in time. */
  succeeded(): void {
    if (!this.tripped) return;
    this.#nextProbeAt = null;
    this.#timeouts = [];
    this.onChange(false);
  }
}
