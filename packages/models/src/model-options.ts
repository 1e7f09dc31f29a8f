export interface ModelOptions {
  /** [height, width, channels] of one image. Default: what the architecture was made for. */
  inputShape?: [number, number, number];
  /** How many classes it tells apart, >= 2. Default 10. */
  classes?: number;
  /** Of the initial weights and the dropout masks. Default 0. */
  seed?: number;
}
