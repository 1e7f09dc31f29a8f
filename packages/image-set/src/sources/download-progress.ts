/** The progress of a download. */
export interface DownloadProgress {
  /** The name of the file. */
  readonly name: string;
  /** The URL that it is read from. */
  readonly url: string;
  /** The number of bytes that are here, those of an earlier start included. */
  readonly bytes: number;
  /** The size of the file. */
  readonly total: number;
  /** Over the last five seconds; 0 before any time has passed. */
  readonly bytesPerSecond: number;
  /** The remaining time at this rate; undefined while the rate is 0. */
  readonly secondsLeft?: number;
}
