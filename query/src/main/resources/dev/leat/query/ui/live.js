// The samples of the last minutes, kept fresh by server-sent events (docs/dashboard.md). A page that nobody sees
// listens to nothing: browsers allow few connections to one server.
const KEPT = 300;

class Live extends EventTarget {
  samples = [];
  state = 'connecting';
  #source = null;
  #retry = 0;

  start() {
    document.addEventListener('visibilitychange', () => (document.hidden ? this.#close() : this.#open()));
    window.addEventListener('pagehide', () => this.#close());
    this.#open();
  }

  get latest() { return this.samples.at(-1); }

  /** Nothing was ever accepted. Before a definition is in force nobody can say. */
  get empty() { return this.latest?.engine.definition > 0 && this.latest.balance.accepted === 0; }

  /** How fast a total grows, per second, over the last seconds. */
  rate(total, seconds = 5) {
    const last = this.latest;
    if (last === undefined || this.samples.length < 2) return 0;
    const first = this.samples.findLast(one => last.millis - one.millis >= seconds * 1e3 - 100) ?? this.samples[0];
    return speed(total, first, last);
  }

  /** The same for each second of the last ones, the oldest first. */
  rates(total, count = 60) {
    const these = this.samples.slice(-count - 1);
    return these.slice(1).map((sample, i) => speed(total, these[i], sample));
  }

  /** Seconds since a total grew, as far as the samples reach back; null if it did not in all of them. */
  quiet(total) {
    const last = this.latest;
    const grew = this.samples.findLast((sample, i) => i > 0 && total(sample) > total(this.samples[i - 1]));
    return grew ? (last.millis - grew.millis) / 1e3 : null;
  }

  #open() {
    if (this.#source || document.hidden) return;
    clearTimeout(this.#retry);
    const source = new EventSource('/v1/live');
    this.#source = source;
    source.addEventListener('history', event => {
      this.samples = JSON.parse(event.data).slice(-KEPT);
      this.#say('open');
    });
    source.addEventListener('sample', event => {
      const sample = JSON.parse(event.data);
      if (this.latest && sample.millis < this.latest.millis) this.samples = []; // Another process.
      this.samples.push(sample);
      if (this.samples.length > KEPT) this.samples.shift();
      this.#say('open');
    });
    source.addEventListener('error', () => {
      // The browser does not come back after a refusal, so that is done here.
      this.#close();
      this.#say('lost');
      this.#retry = setTimeout(() => this.#open(), 2000);
    });
  }

  #close() {
    this.#source?.close();
    this.#source = null;
  }

  #say(state) {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }
}

function speed(total, from, to) {
  const millis = to.millis - from.millis;
  return millis > 0 ? Math.max(0, (total(to) ?? 0) - (total(from) ?? 0)) / millis * 1e3 : 0;
}

export const live = new Live();
