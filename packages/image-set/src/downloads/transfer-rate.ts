/** The time that the rate is averaged over. */
const WINDOW_MS = 5000;
/** The time between two reports. */
const REPORT_INTERVAL_MS = 200;

/** Measures how fast a number of bytes grows, from `bytes` on. */
export function transferRate(bytes: number) {
  const start = performance.now();
  let samples = [{ time: start, bytes }];
  let latest = samples[0];
  let lastReport = start;
  return {
    /** Records the number of bytes; true if a report is due. */
    add(count: number): boolean {
      const time = performance.now();
      latest = { time, bytes: count };
      if (time - lastReport < REPORT_INTERVAL_MS) return false;
      lastReport = time;
      samples = [...samples.filter((sample) => time - sample.time < WINDOW_MS), latest];
      return true;
    },
    /** Bytes per second over the window; 0 before any time has passed. */
    perSecond(): number {
      const seconds = (latest.time - samples[0].time) / 1000;
      return seconds > 0 ? (latest.bytes - samples[0].bytes) / seconds : 0;
    },
  };
}
