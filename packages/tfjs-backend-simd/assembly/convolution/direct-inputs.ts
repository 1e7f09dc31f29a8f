/*
 * What the kernels of direct convolution read: a zero-padded copy of the images, and the filter packed into panels of 8
 * output channels.
 *
 *   panels[out / 8][ky][kx][in][8]
 */
import { arg } from '../common/arguments';
import { chunkStart } from '../common/chunks';

/**
 * from, to, images, height, width, channels, paddedHeight, paddedWidth, top, left, inputDilation: copies
 * images into a zero-padded, dilated buffer.
 */
export function padImages(p: usize, chunk: i32, chunks: i32): void {
  const images = arg(p, 2), height = arg(p, 3), width = arg(p, 4), channels = arg(p, 5);
  const paddedHeight = arg(p, 6), paddedWidth = arg(p, 7), top = arg(p, 8), left = arg(p, 9);
  const inputDilation = arg(p, 10);
  const pixelBytes = (channels * 4) as usize;
  const rows = images * paddedHeight, endRow = chunkStart(rows, chunk + 1, chunks);
  for (let row = chunkStart(rows, chunk, chunks); row < endRow; row++) {
    const image = row / paddedHeight;
    const dilatedY = row - image * paddedHeight - top;
    const target = (arg(p, 1) as usize) + row * paddedWidth * pixelBytes;
    const y = dilatedY / inputDilation;
    if (dilatedY < 0 || y * inputDilation != dilatedY || y >= height) {
      memory.fill(target, 0, paddedWidth * pixelBytes);
      continue;
    }
    const source = (arg(p, 0) as usize) + (image * height + y) * width * pixelBytes;
    if (inputDilation == 1) {
      // Strides that are larger than the filter may leave the whole image outside of the windows.
      const start = max(0, min(left, paddedWidth)), end = max(start, min(left + width, paddedWidth));
      memory.fill(target, 0, start * pixelBytes);
      if (end > start)
        memory.copy(
          target + start * pixelBytes, source + (start - left) * pixelBytes, (end - start) * pixelBytes,
        );
      memory.fill(target + end * pixelBytes, 0, (paddedWidth - end) * pixelBytes);
      continue;
    }
    memory.fill(target, 0, paddedWidth * pixelBytes);
    for (let x = 0; x < width; x++) {
      const column = left + x * inputDilation;
      if (column >= 0 && column < paddedWidth)
        memory.copy(target + column * pixelBytes, source + x * pixelBytes, pixelBytes);
    }
  }
}

/**
 * w[ky][kx][in][out], panels, filterHeight, filterWidth, in, out, flip. With `flip`, the panels of the
 * flipped filter (rotated by 180 degrees, channels exchanged): panels[in / 8][ky][kx][out][8].
 */
export function packFilter(p: usize, chunk: i32, chunks: i32): void {
  const w = arg(p, 0) as usize, filterHeight = arg(p, 2), filterWidth = arg(p, 3), inChannels = arg(p, 4);
  const outChannels = arg(p, 5), flip = arg(p, 6);
  const packedInChannels = flip ? outChannels : inChannels;
  const packedOutChannels = flip ? inChannels : outChannels;
  const taps = filterHeight * filterWidth;
  const panels = (packedOutChannels + 7) >> 3;
  for (let panel = panels * chunk / chunks; panel < panels * (chunk + 1) / chunks; panel++) {
    let target = (arg(p, 1) as usize) + panel * taps * packedInChannels * 32;
    for (let tap = 0; tap < taps; tap++)
      for (let inChannel = 0; inChannel < packedInChannels; inChannel++) {
        for (let lane = 0; lane < 8; lane++) {
          const outChannel = panel * 8 + lane;
          let value: f32 = 0;
          if (outChannel < packedOutChannels)
            value = flip
              ? load<f32>(w + (((taps - 1 - tap) * inChannels + outChannel) * outChannels + inChannel) * 4)
              : load<f32>(w + ((tap * inChannels + inChannel) * outChannels + outChannel) * 4);
          store<f32>(target + lane * 4, value);
        }
        target += 32;
      }
  }
}

/** from, to, pixels, channels, paddedChannels: each pixel with zeros after its channels */
export function padChannels(p: usize, chunk: i32, chunks: i32): void {
  const channelBytes = (arg(p, 3) * 4) as usize, paddedBytes = (arg(p, 4) * 4) as usize;
  const endPixel = chunkStart(arg(p, 2), chunk + 1, chunks);
  for (let pixel = chunkStart(arg(p, 2), chunk, chunks); pixel < endPixel; pixel++) {
    const target = (arg(p, 1) as usize) + pixel * paddedBytes;
    memory.copy(target, (arg(p, 0) as usize) + pixel * channelBytes, channelBytes);
    memory.fill(target + channelBytes, 0, paddedBytes - channelBytes);
  }
}
