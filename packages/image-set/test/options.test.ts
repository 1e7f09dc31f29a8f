import type { ImageSet } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import { describe, expect, it } from 'vitest';
import { describeUnknownOptions, type MisspelledCall } from '../../../test/support/unknown-options.js';
import * as files from '../src/files.js';
import * as folder from '../src/folder.js';
import * as api from '../src/index.js';
import * as node from '../src/node.js';
import * as shapes from '../src/shapes.js';

const set: ImageSet = {
  kind: 'image-set',
  name: 'one',
  pixels: Uint8Array.of(1),
  labels: Int32Array.of(0),
  count: 1,
  height: 1,
  width: 1,
  channels: 1,
  classNames: ['a'],
};
const image = { pixels: Uint8Array.of(1, 2, 3), height: 1, width: 1 };
const file = { name: 'a.bin', bytes: 1, md5: '', urls: [] };

const CALLS: Readonly<Record<string, MisspelledCall>> = {
  batches: [(options) => api.batches(set, options), 'batchsize', 'batchSize'],
  split: [(options) => api.split(set, options), 'stratgy', 'strategy'],
  stratifiedSubset: [(options) => api.stratifiedSubset(set, options), 'sead', 'seed'],
  fromArray: [(options) => api.fromArray([1], options), 'scales', 'scale'],
  fromImageData: [(options) => api.fromImageData([], options), 'label', 'labels'],
  fromCanvas: [(options) => api.fromCanvas([], options), 'channel', 'channels'],
  toCanvas: [(options) => api.toCanvas(set, options), 'canvass', 'canvas'],
  generateShapes: [(options) => shapes.generateShapes(options), 'sead', 'seed'],
  loadFolder: [(options) => folder.loadFolder(memoryStore(), options), 'widht', 'width'],
  loadImages: [(options) => folder.loadImages(memoryStore(), options), 'labelColum', 'labelColumn'],
  readImagesLayout: [
    (options) => folder.readImagesLayout(memoryStore(), options),
    'imageColum',
    'imageColumn',
  ],
  openImages: [(options) => folder.openImages(memoryStore(), options), 'windows', 'window'],
  readFolderLayout: [(options) => folder.readFolderLayout(memoryStore(), options), 'label', 'labels'],
  decodeImage: [
    (options) => folder.decodeImage(new Uint8Array(0), options),
    'applyExifOrientaton',
    'applyExifOrientation',
  ],
  commonImageSize: [(options) => folder.commonImageSize(memoryStore(), options), 'label', 'labels'],
  readImage: [(options) => folder.readImage(new Uint8Array(0), options), 'backgrond', 'background'],
  resizeImage: [(options) => folder.resizeImage(image, options), 'hieght', 'height'],
  fitToInput: [(options) => folder.fitToInput([image], options), 'hieght', 'height'],
  browserDownloads: [(options) => files.browserDownloads(options), 'mirror', 'mirrors'],
  download: [(options) => files.download(file, options), 'mirror', 'mirrors'],
  openDatasetFiles: [
    (options) => files.openDatasetFiles(memoryStore(), options).next(),
    'distribution',
    'distributions',
  ],
  archiveFiles: [(options) => files.archiveFiles(new Uint8Array(0), options), 'maxByte', 'maxBytes'],
  decodeWorkers: [(options) => node.decodeWorkers(options), 'worker', 'workers'],
  downloads: [(options) => node.downloads(options), 'stallSecond', 'stallSeconds'],
};

const WITHOUT_OPTIONS = [
  'Md5',
  'createSha256',
  'describeLayout',
  'cacheFolder',
  'centerCrop',
  'classCounts',
  'expectImageCount',
  'expectLoadSplitOptions',
  'folderFiles',
  'fromDrop',
  'fromFileList',
  'imageChecksum',
  'localFile',
  'localSource',
  'luminance',
  'oneHot',
  'parseSplit',
  'pixelStatistics',
  'selectClasses',
  'shapeOf',
  'subset',
  'take',
  'toImageData',
];

describeUnknownOptions({ ...files, ...folder, ...api, ...node, ...shapes }, CALLS, WITHOUT_OPTIONS);

describe('an unknown option is refused', () => {
  it.each(['loadFolder', 'download', 'openDatasetFiles'])(
    'by %s as a rejection, not a throw',
    async (name) => {
      const [call, misspelled] = CALLS[name];
      await expect(call({ [misspelled]: 1 } as never) as Promise<unknown>).rejects.toThrow();
    },
  );
});
