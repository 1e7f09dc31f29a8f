/** How much of the past the rate is taken from, and how often it is worth telling, in milliseconds. */
const WINDOW = 5000;
const TELL = 200;

/** How fast a count of bytes grows, over the last seconds. */
export function transferRate(bytes: number) {
  const started = performance.now();
  let marks = [{ time: started, bytes }];
  let last = marks[0];
  let told = started;
  return {
    /** Notes the count; true if it is time to tell. */
    add(count: number): boolean {
      const time = performance.now();
      last = { time, bytes: count };
      if (time - told < TELL) return false;
      told = time;
      marks = [...marks.filter((mark) => time - mark.time < WINDOW), last];
      return true;
    },
    /** Bytes a second; 0 as long as no time has passed. */
    perSecond(): number {
      const seconds = (last.time - marks[0].time) / 1000;
      return seconds > 0 ? (last.bytes - marks[0].bytes) / seconds : 0;
    },
  };
}
