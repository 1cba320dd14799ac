/** Shows one picture after another, as many a second as is wished and can be had. */

export class Player {
  static SPEEDS = [2, 4, 8, 12, 24];

  /**
   * Initialize at rest.
   * @param {() => Promise<boolean>} next Shows the next picture; tells whether there was one.
   */
  constructor(next) {
    this._next = next;
    this.speed = 4;
    this._run = 0;
    this.playing = false;
  }

  /** Play until the end, or until it is stopped. */
  async play() {
    this.playing = true;
    this._run += 1;
    const run = this._run;
    while (this.playing && run === this._run) {
      const due = new Promise((resolve) => setTimeout(resolve, 1000 / this.speed));
      await due;
      if (!this.playing || run !== this._run || !(await this._next())) break;
    }
  }

  /** Stop. */
  stop() {
    this.playing = false;
  }
}
