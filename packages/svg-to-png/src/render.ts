import { InputError, isInputError } from '@convlens/core';
import type { Resvg } from './load-resvg.js';

export interface RenderOptions {
  readonly pixelRatio: number;
  readonly background: string | undefined;
  /** The bytes of font files. */
  readonly fonts: Uint8Array[];
}

/** 512 MiB of RGBA. WebAssembly has 4 GiB of memory, and the pixels lie there more than once. */
const MAX_PIXELS = 2 ** 27;

/** The PNG of an SVG, by resvg. Its memory is freed by hand. */
export function render(
  Resvg: Resvg,
  svg: string,
  { pixelRatio, background, fonts }: RenderOptions,
): Uint8Array {
  let parsed: InstanceType<Resvg> | undefined;
  let image: ReturnType<InstanceType<Resvg>['render']> | undefined;
  try {
    parsed = new Resvg(svg, {
      background,
      fitTo: { mode: 'zoom', value: pixelRatio },
      font: { fontBuffers: fonts, defaultFontFamily: 'Inter' },
    });
    expectSize(parsed, pixelRatio);
    image = parsed.render();
    return image.asPng();
  } catch (error) {
    throw inputErrorOf(error, background);
  } finally {
    image?.free();
    parsed?.free();
  }
}

function expectSize(svg: InstanceType<Resvg>, pixelRatio: number): void {
  const [width, height] = [Math.round(svg.width * pixelRatio), Math.round(svg.height * pixelRatio)];
  if (width * height <= MAX_PIXELS) return;
  throw new InputError(
    `Expected a PNG of at most ${MAX_PIXELS} pixels, got ${width} x ${height}: choose a smaller pixelRatio`,
  );
}

/** What resvg says of an SVG or a color. */
function inputErrorOf(error: unknown, background: string | undefined): unknown {
  if (isInputError(error) || error instanceof WebAssembly.RuntimeError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new InputError(
    reason === 'invalid value'
      ? `Expected background to be a color, got ${JSON.stringify(background)}`
      : `Expected the text of an SVG file: ${reason}`,
  );
}
